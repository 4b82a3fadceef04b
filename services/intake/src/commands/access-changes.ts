import type { CaseAccessChange, CaseState } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { type VendorAccess, saveAccess } from "../store/case-parties.ts";

/** The sights that a transaction changes, gathered while it decides: the last change of each vendor counts. */
export function createAccessChanges() {
  const sights = new Map<string, VendorAccess>();
  return {
    add(state: CaseState, changes: readonly CaseAccessChange[]): void {
      for (const { vendor, view } of changes) sights.set(`${state.id} ${vendor}`, { vendor, state, view });
    },
    save: (tx: Tx): Promise<void> => saveAccess(tx, [...sights.values()]),
  };
}
