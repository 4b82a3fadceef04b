import type { IncidentSummary } from "@crossline/contracts";
import { Link } from "@tanstack/react-router";
import { Instant } from "../time/instant.tsx";
import { CardTable } from "../ui/card-table.tsx";
import { CaseLink } from "../ui/case-link.tsx";
import { chargedWords } from "../ui/clock-words.ts";
import { endWords, incidentWords } from "./words.ts";

type IncidentTableProps = {
  readonly label: string;
  readonly incidents: readonly IncidentSummary[];
  readonly now: number;
  /** The company of the person. */
  readonly own: string;
};

/** Lists incidents with their lead cases, and as cards in a small window. */
export function IncidentTable({ label, incidents, now, own }: IncidentTableProps) {
  return (
    <CardTable label={label} className="even" narrowRem={60}>
      <thead>
        <tr>
          <th scope="col">Incident</th>
          <th scope="col">Lead case</th>
          <th scope="col">Held by</th>
          <th scope="col" className="numeric">
            Cases
          </th>
          <th scope="col">Last opening</th>
        </tr>
      </thead>
      <tbody>
        {incidents.map((incident) => (
          <tr key={incident.id} data-row={incident.id}>
            <td>
              <IncidentLink id={incident.id}>{incidentWords(incident)}</IncidentLink>
              {incident.ended !== undefined && <p className="muted">{endWords(incident.ended.cause)}</p>}
            </td>
            <td data-label="Lead case">
              <CaseLink
                id={incident.leadCaseId}
                title={incident.lead?.title}
                number={incident.lead?.carrierCaseId}
                isRow={false}
              />
            </td>
            <td data-label="Held by">{chargedWords(incident.holder, own)}</td>
            <td data-label="Cases" className="numeric">
              {incident.cases}
            </td>
            <td data-label="Last opening">
              <Instant at={incident.lastOpenedAt} now={now} />
            </td>
          </tr>
        ))}
      </tbody>
    </CardTable>
  );
}

/** Links to the screen of an incident on the present timeline. */
export function IncidentLink({ id, children }: { readonly id: string; readonly children: string }) {
  return (
    <Link
      to="/app/incidents/$incidentId"
      params={{ incidentId: id }}
      search={({ timeline }: { timeline?: string }) => (timeline === undefined ? {} : { timeline })}
      data-row-link=""
    >
      <bdi>{children}</bdi>
    </Link>
  );
}
