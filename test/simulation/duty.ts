import type { CrossingDeps, Line } from "@crossline/domain";

/** The deps of routing's decisions in the simulated world: one person is on duty on one roster, and no person on any other. */
export const depsUnder = (line: Line): CrossingDeps => ({
  line,
  onDuty: (roster) => ({
    exists: true,
    people: roster === "northtel.duty" ? [{ person: "duty-1", name: "Grace Hopper" }] : [],
  }),
  knownErrors: () => [],
});
