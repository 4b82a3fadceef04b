import type { CrossingDeps, Line } from "@crossline/domain";

/** The dependencies of routing's decisions in the simulation. One roster has one person on duty; every other roster has none. */
export const depsUnder = (line: Line): CrossingDeps => ({
  line,
  onDuty: (roster) => ({
    exists: true,
    people: roster === "northtel.duty" ? [{ person: "duty-1", name: "Grace Hopper" }] : [],
  }),
  knownErrors: () => [],
});
