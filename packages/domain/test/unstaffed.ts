import type { CrossingDeps } from "../src/index.ts";

/** Dependencies for lines without rosters. No person is on duty or has skills, and no known errors exist. */
export const unstaffed: Omit<CrossingDeps, "line"> = {
  onDuty: () => ({ exists: false, people: [] }),
  knownErrors: () => [],
  skillsOf: () => [],
  onPool: () => [],
};
