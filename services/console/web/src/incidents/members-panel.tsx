import type { PresentedIncident } from "@crossline/contracts";
import { useState } from "react";
import { statusText } from "../case/words.ts";
import { Instant } from "../time/instant.tsx";
import { CardTable } from "../ui/card-table.tsx";
import { CaseLink } from "../ui/case-link.tsx";
import { FormCommands } from "../ui/form-commands.tsx";
import { useRowKeys } from "../ui/use-row-keys.ts";
import { leave } from "./commands.ts";

/** The parts of an open incident that its panels share. */
export type IncidentPanelProps = {
  readonly incident: PresentedIncident;
  readonly now: number;
  readonly mayAct: boolean;
  readonly onSent: () => Promise<unknown>;
};

/** An incident has up to 1,000 members, and a browser renders so many rows slowly. */
const rowsAtOnce = 100;

/** Lists the members of an incident with their status. */
export function MembersPanel({ incident, now, mayAct, onSent }: IncidentPanelProps) {
  const { members } = incident;
  const [most, setMost] = useState(rowsAtOnce);
  const list = useRowKeys<HTMLDivElement>();
  return (
    <section className="panel" aria-labelledby="members-title">
      <header>
        <h2 id="members-title">Members</h2>
        <span>{members.length}</span>
      </header>
      {members.length === 0 && <p className="empty">The incident has no members.</p>}
      <div ref={list} tabIndex={-1}>
        {members.length > 0 && (
          <CardTable label="Table of the members">
            <thead>
              <tr>
                <th scope="col">Case</th>
                <th scope="col">Status</th>
                <th scope="col">Opened</th>
                <th scope="col">Joined</th>
                {mayAct && <th scope="col">Command</th>}
              </tr>
            </thead>
            <tbody>
              {members.slice(0, most).map(({ caseId, title, carrierCaseId, status, openedAt, joinedAt }) => (
                <tr key={caseId} data-row={caseId}>
                  <td>
                    <CaseLink id={caseId} title={title} number={carrierCaseId} />
                  </td>
                  <td data-label="Status">{status === undefined ? "–" : statusText(status)}</td>
                  <td data-label="Opened">
                    <Instant at={openedAt} now={now} />
                  </td>
                  <td data-label="Joined">
                    <Instant at={joinedAt} now={now} />
                  </td>
                  {mayAct && (
                    <td>
                      <FormCommands
                        label={`Commands of ${carrierCaseId ?? caseId}`}
                        commands={[leave(incident, caseId)]}
                        onSent={onSent}
                        isQuiet
                      />
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </CardTable>
        )}
      </div>
      {members.length > most && (
        <button type="button" onClick={() => setMost(most + rowsAtOnce)}>
          Show more members
        </button>
      )}
    </section>
  );
}
