import type { CrossingDeps } from "../src/index.ts";

/** No person is on duty and no error is known: for lines without rosters. */
export const unstaffed: Omit<CrossingDeps, "line"> = {
  onDuty: () => ({ exists: false, people: [] }),
  knownErrors: () => [],
};
