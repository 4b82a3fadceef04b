import type { CrossingDeps, Line } from "@crossline/domain";

const skill = { os: "PocketOS", level: 2, from: "2000-01-01T00:00:00Z", source: "exam" };

/** Returns the dependencies of routing's rules. One roster has one person on duty, and every other roster has none. */
export const depsUnder = (line: Line): CrossingDeps => ({
  line,
  onDuty: (roster) => ({
    exists: true,
    people: roster === "northtel.duty" ? [{ person: "duty-1", name: "Grace Hopper" }] : [],
  }),
  knownErrors: () => [],
  skillsOf: (_party, person) => (person.startsWith("spec-") ? [skill] : []),
  // In turn, no specialist, one specialist and both are on duty, for a minute each.
  onPool: (_party, _pool, at) =>
    ["spec-1", "spec-2"].slice(0, Math.floor(at / 60_000) % 3).map((person) => ({ person, skills: [skill] })),
});
