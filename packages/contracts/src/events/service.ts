import { z } from "zod";
import { actor, instant, partyId, slug } from "./vocabulary.ts";

/** The reason why a case left its incident. */
export const incidentLeaveCause = z.enum(["cured", "lead-ended", "removed", "maximum", "ended"]);

/** The reason why an incident ended. */
export const incidentEndCause = z.enum(["cured", "lead-ended", "by-carrier"]);

const reason = z.string().max(1000);
const incident = { actor, incidentId: z.string() };
/** The number of cases with the lead case, and the instants at which the first and the last of them were opened. */
const incidentSize = {
  cases: z.int().min(1),
  firstOpenedAt: instant.optional(),
  lastOpenedAt: instant.optional(),
};
const change = { actor, changeId: z.string() };

/** The incident that a case leads, as its brief shows it. */
export const ledIncident = z
  .object({ id: z.string(), ...incidentSize })
  .meta({ description: "The incident that this case leads: the number of alike cases, and when they were opened" });

/** The events by which incidents, changes and problems affect a case. Intake publishes them on the case topic. */
export const serviceEvents = {
  /** The case leads an incident of `cases` alike cases. Only the lead case crosses. */
  "incident.opened": z.object({ ...incident, ...incidentSize, reason }),
  /** Cases joined or left the incident of this lead case. */
  "incident.counted": z.object({ ...incident, ...incidentSize }),
  /** The case became a member of an incident. `holder` is the company that holds the lead case. */
  "incident.joined": z.object({ ...incident, leadCaseId: z.string(), holder: partyId, reason }),
  /** Another company holds the lead case of this member's incident now. */
  "incident.held": z.object({ ...incident, holder: partyId }),
  /** The case is no member of the incident any longer. */
  "incident.left": z.object({ ...incident, cause: incidentLeaveCause, reason: reason.optional() }),
  /** The incident of this lead case ended. */
  "incident.ended": z.object({ ...incident, cause: incidentEndCause, reason: reason.optional() }),
  /** The case may be a consequence of an announced change. `by` is the company that announced the change. */
  "change.linked": z.object({
    ...change,
    by: partyId,
    title: z.string().max(200),
    startsAt: instant,
    late: z.boolean().meta({ description: "True if the change was announced too late" }),
    reason: reason.optional(),
  }),
  /** The case is no consequence of the change. */
  "change.unlinked": z.object({ ...change, reason }),
  /** A known error matches the case. The workaround helps until the problem is resolved. */
  "known-error.matched": z.object({
    actor,
    problemId: z.string(),
    workaround: z.string().max(2000),
    fixCode: slug.optional(),
  }),
} as const;
