import { IncidentLink } from "../incidents/incident-table.tsx";
import { CaseLink } from "../ui/case-link.tsx";
import { Term } from "../ui/term.tsx";
import { useCase } from "./use-case.ts";

/** Says that the case leads an incident, or that it waits as a member for the fix of the lead case. */
export function IncidentTerm() {
  const { incident } = useCase().shown;
  if (incident === undefined) return null;
  return (
    <Term name="Incident">
      {incident.role === "lead" ? (
        <IncidentLink id={incident.id}>{`Lead case of an incident with ${incident.cases} cases`}</IncidentLink>
      ) : (
        <>
          <IncidentLink id={incident.id}>Member of an incident</IncidentLink>
          <span className="muted">
            {" "}
            · waits for <CaseLink id={incident.leadCaseId} title="the lead case" />, held by {incident.holder}
          </span>
        </>
      )}
    </Term>
  );
}
