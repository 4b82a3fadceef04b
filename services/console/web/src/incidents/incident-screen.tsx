import "../styles/record.css";
import type { PresentedIncident } from "@crossline/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { statusText } from "../case/words.ts";
import { useLiveReads } from "../live/use-refresh.ts";
import { useMe } from "../session/session.tsx";
import { viewerZone, zoneName } from "../time/format.ts";
import { Instant } from "../time/instant.tsx";
import { useNow } from "../time/now.ts";
import { CaseLink } from "../ui/case-link.tsx";
import { Chip } from "../ui/chip.tsx";
import { chargedWords } from "../ui/clock-words.ts";
import { FormCommands } from "../ui/form-commands.tsx";
import { RecordScreen } from "../ui/record-screen.tsx";
import { Term } from "../ui/term.tsx";
import { incidentCommands } from "./commands.ts";
import { FormerMembers } from "./former-members.tsx";
import { IncidentMessages } from "./incident-messages.tsx";
import { MembersPanel } from "./members-panel.tsx";
import { incidentQuery, incidentsKey } from "./queries.ts";
import { endWords, incidentWords } from "./words.ts";

/** One incident: its lead case, its members, and the messages to the customers of all its cases. */
export function IncidentScreen() {
  const { incidentId = "" } = useParams({ strict: false });
  const query = useQuery(incidentQuery(incidentId));
  return (
    <RecordScreen
      query={query}
      unknown="You have no incident with this id"
      list={["/app/incidents", "Open the incidents"]}
    >
      {(incident) => <OneIncident key={incident.id} incident={incident} />}
    </RecordScreen>
  );
}

function OneIncident({ incident }: { readonly incident: PresentedIncident }) {
  const me = useMe();
  const now = useNow(incident.timeline);
  const client = useQueryClient();
  useLiveReads(incident.timeline, incidentsKey);
  const mayAct = me.scopes.includes("cases") && incident.state === "open";
  const onSent = (): Promise<unknown> => client.invalidateQueries({ queryKey: incidentsKey });
  const shared = { incident, now, mayAct, onSent };
  return (
    <>
      <header className="record-head">
        <h1>
          <bdi>{incidentWords(incident)}</bdi>
        </h1>
        <p className="chips">
          {incident.ended === undefined ? (
            <Chip tone="warn" sign="!">
              open
            </Chip>
          ) : (
            <Chip sign="–">ended: {endWords(incident.ended.cause)}</Chip>
          )}
          <span className="muted">
            {incident.cases} {incident.cases === 1 ? "case" : "cases"}
          </span>
        </p>
        {mayAct && (
          <FormCommands label="Commands of the incident" commands={incidentCommands(incident)} onSent={onSent} />
        )}
        <Facts incident={incident} now={now} own={me.party} />
      </header>
      <div className="record-columns">
        <div>
          <MembersPanel {...shared} />
          <FormerMembers former={incident.former} now={now} />
        </div>
        <div>
          <IncidentMessages {...shared} />
        </div>
      </div>
    </>
  );
}

type FactsProps = { readonly incident: PresentedIncident; readonly now: number; readonly own: string };

function Facts({ incident, now, own }: FactsProps) {
  const { leadCaseId, lead, holder, openedAt, openedBy, reason, firstOpenedAt, lastOpenedAt, ended } = incident;
  return (
    <>
      <dl className="record-facts">
        <Term name="Lead case">
          <CaseLink id={leadCaseId} title={lead?.title} number={lead?.carrierCaseId} isRow={false} />{" "}
          {lead?.status !== undefined && <span className="muted">{statusText(lead.status)}</span>}
        </Term>
        <Term name="Held by">{chargedWords(holder, own)}</Term>
        <Term name="Opened">
          <Instant at={openedAt} now={now} />
          {openedBy.automated ? " by Crossline" : openedBy.person !== undefined && ` by ${openedBy.person}`}:{" "}
          <bdi>{reason}</bdi>
        </Term>
        <Term name="Openings of the cases">
          <Instant at={firstOpenedAt} now={now} /> to <Instant at={lastOpenedAt} now={now} />
        </Term>
        {ended !== undefined && (
          <Term name="Ended">
            <Instant at={ended.at} now={now} />
            {ended.fixCode !== undefined && ` with the fix ${ended.fixCode}`}
            {ended.reason !== undefined && (
              <>
                : <bdi>{ended.reason}</bdi>
              </>
            )}
          </Term>
        )}
      </dl>
      <p className="muted">Instants are in the zone {zoneName(viewerZone)}.</p>
    </>
  );
}
