import type { IncidentSummary, PresentedIncident } from "@crossline/contracts";

/** Says which cases an incident has: their symptom and device, or the reason for which a person opened it. */
export function incidentWords({ scope, reason }: Pick<IncidentSummary, "scope" | "reason">): string {
  if (scope === undefined) return reason;
  const device = [scope.model, scope.vendor].filter((part) => part !== undefined).join(" of ");
  return device === "" ? scope.symptom : `${scope.symptom} on ${device}`;
}

const endCauses: Readonly<Record<NonNullable<IncidentSummary["ended"]>["cause"], string>> = {
  cured: "the lead case was fixed",
  "lead-ended": "the lead case ended without a fix",
  "by-carrier": "ended by a person",
};

/** Says why an incident ended. */
export function endWords(cause: NonNullable<IncidentSummary["ended"]>["cause"]): string {
  return endCauses[cause];
}

const leaveCauses: Readonly<Record<PresentedIncident["former"][number]["cause"], string>> = {
  cured: "fixed with the lead case",
  "lead-ended": "the lead case ended",
  removed: "removed",
  maximum: "waited for the maximum of its line",
  ended: "the incident ended",
  refused: "could not join",
};

/** Says why a case left an incident. */
export function leaveWords(cause: PresentedIncident["former"][number]["cause"]): string {
  return leaveCauses[cause];
}
