import type { CaseSightChange, CaseState } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { type CaseSight, saveSights } from "../store/case-parties.ts";

/** The sights that a transaction changes, gathered while it decides: the last change of each vendor counts. */
export function createSights() {
  const sights = new Map<string, CaseSight>();
  return {
    add(state: CaseState, changes: readonly CaseSightChange[]): void {
      for (const { vendor, view } of changes) sights.set(`${state.id} ${vendor}`, { vendor, state, view });
    },
    save: (tx: Tx): Promise<void> => saveSights(tx, [...sights.values()]),
  };
}
