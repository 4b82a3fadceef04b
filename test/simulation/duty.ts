import type { Around } from "@crossline/domain";

/** Who is on duty in the simulated world: one person on one roster, and no person on any other. */
export const around: Around = {
  onDuty: (roster) => ({
    exists: true,
    people: roster === "northtel.duty" ? [{ person: "duty-1", name: "Grace Hopper" }] : [],
  }),
  knownErrors: () => [],
};
