import type { CaseAccessChange, CaseState } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { type VendorAccess, saveAccess } from "../store/case-parties.ts";

/**
 * Collects the changes to case access that the decisions of one transaction make. For each vendor and case, `save` saves only
 * the last change.
 */
export function createAccessChanges() {
  const byCaseAndVendor = new Map<string, VendorAccess>();
  return {
    add(state: CaseState, changes: readonly CaseAccessChange[]): void {
      for (const { vendor, view } of changes) byCaseAndVendor.set(`${state.id} ${vendor}`, { vendor, state, view });
    },
    save: (tx: Tx): Promise<void> => saveAccess(tx, [...byCaseAndVendor.values()]),
  };
}
