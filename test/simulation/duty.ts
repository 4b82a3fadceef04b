import type { CrossingDeps, Line } from "@crossline/domain";

/** Returns the dependencies of routing's rules. One roster has one person on duty, and every other roster has none. */
export const depsUnder = (line: Line): CrossingDeps => ({
  line,
  onDuty: (roster) => ({
    exists: true,
    people: roster === "northtel.duty" ? [{ person: "duty-1", name: "Grace Hopper" }] : [],
  }),
  knownErrors: () => [],
  skillsOf: () => [],
  onPool: () => [],
});
