import type { Brief, EventData } from "@crossline/contracts";

/** The incident that a case leads, as a brief shows it. */
export type LedIncident = NonNullable<Brief["incident"]>;

/** Returns the incident that a case leads after an event about its size. */
export function ledIncidentOf({
  incidentId: id,
  cases,
  firstOpenedAt,
  lastOpenedAt,
}: EventData<"incident.counted">): LedIncident {
  return {
    id,
    cases,
    ...(firstOpenedAt !== undefined && { firstOpenedAt }),
    ...(lastOpenedAt !== undefined && { lastOpenedAt }),
  };
}
