import "../styles/record.css";
import type { DetailedChange, Me } from "@crossline/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useLiveReads } from "../live/use-refresh.ts";
import { useMe } from "../session/session.tsx";
import { viewerZone, zoneName } from "../time/format.ts";
import { Instant } from "../time/instant.tsx";
import { useNow } from "../time/now.ts";
import { Chip } from "../ui/chip.tsx";
import type { FormCommand } from "../ui/form-command.ts";
import { FormCommands } from "../ui/form-commands.tsx";
import { RecordScreen } from "../ui/record-screen.tsx";
import { Term } from "../ui/term.tsx";
import { ChangedCases } from "./changed-cases.tsx";
import { linkCase, withdraw } from "./commands.ts";
import { ConfirmButton } from "./confirm-button.tsx";
import { changeQuery, changesKey } from "./queries.ts";
import { LateChip, ReceiptChip, ReceiptCounts, mustConfirm } from "./receipt.tsx";
import { ReceiptsPanel } from "./receipts-panel.tsx";

/** One change: its text, the companies that it affects, the receipts, and the cases that are linked to it. */
export function ChangeScreen() {
  const { changeId = "" } = useParams({ strict: false });
  const query = useQuery(changeQuery(changeId));
  return (
    <RecordScreen query={query} unknown="You have no change with this id" list={["/app/changes", "Open the changes"]}>
      {(change) => <OneChange key={change.id} change={change} />}
    </RecordScreen>
  );
}

function OneChange({ change }: { readonly change: DetailedChange }) {
  const me = useMe();
  const now = useNow(change.timeline);
  const client = useQueryClient();
  useLiveReads(change.timeline, changesKey);
  const mayAct = me.scopes.includes("cases") && change.withdrawn === undefined;
  return (
    <>
      <header className="record-head">
        <h1>
          <bdi>{change.title}</bdi>
        </h1>
        <p className="chips">
          <Marks change={change} />
          <span className="muted">announced by {change.by === me.party ? "you" : change.by}</span>
        </p>
        {mayAct && (
          <div className="actions">
            {mustConfirm(change) && <ConfirmButton id={change.id} />}
            <FormCommands
              label="Commands of the change"
              commands={commandsOf(change, me)}
              onSent={() => client.invalidateQueries({ queryKey: changesKey })}
              isQuiet
            />
          </div>
        )}
        <Facts change={change} now={now} />
      </header>
      <section className="panel" aria-labelledby="change-text">
        <header>
          <h2 id="change-text">Description</h2>
        </header>
        <p className="record-text" dir="auto">
          {change.description}
        </p>
        {change.mustDo !== undefined && (
          <>
            <h3>Duties of the affected companies</h3>
            <p className="record-text due" dir="auto">
              {change.mustDo}
            </p>
          </>
        )}
      </section>
      {change.receipts !== undefined && <ReceiptsPanel receipts={change.receipts} now={now} />}
      <ChangedCases id={change.id} count={change.cases} />
    </>
  );
}

/** A withdrawn change accepts no commands. Only a carrier has cases of its own to link. */
function commandsOf(change: DetailedChange, { kind, party }: Me): readonly FormCommand[] {
  return [...(kind === "carrier" ? [linkCase(change)] : []), ...(change.by === party ? [withdraw(change)] : [])];
}

function Marks({ change }: { readonly change: DetailedChange }) {
  const { withdrawn, receipt, receiptCounts } = change;
  return (
    <>
      <LateChip change={change} />
      {withdrawn !== undefined && <Chip sign="–">withdrawn</Chip>}
      {withdrawn === undefined && receiptCounts !== undefined && <ReceiptCounts counts={receiptCounts} />}
      {withdrawn === undefined && receipt !== undefined && (
        <>
          <span>your receipt:</span> <ReceiptChip {...receipt} />
        </>
      )}
    </>
  );
}

function Facts({ change, now }: { readonly change: DetailedChange; readonly now: number }) {
  const { startsAt, endsAt, announcedAt, confirmBy, lateBy, withdrawn, receipt } = change;
  return (
    <>
      <dl className="record-facts">
        <Term name="Starts">
          <Instant at={startsAt} now={now} />
          {endsAt !== undefined && (
            <>
              , ends <Instant at={endsAt} now={now} />
            </>
          )}
        </Term>
        <Term name="Announced">
          <Instant at={announcedAt} now={now} />
          {lateBy !== undefined && <span className="muted"> · {wordsOf(lateBy)} too late</span>}
        </Term>
        <Term name="Confirm by">
          <Instant at={confirmBy} now={now} />
        </Term>
        {receipt?.confirmedAt !== undefined && (
          <Term name="You confirmed">
            <Instant at={receipt.confirmedAt} now={now} />
            {receipt.person !== undefined && ` (${receipt.person})`}
          </Term>
        )}
        <Term name="Affects">{affectedText(change)}</Term>
        <Term name="May cause">{change.symptoms.length === 0 ? "no named symptom" : change.symptoms.join(", ")}</Term>
        {withdrawn !== undefined && (
          <Term name="Withdrawn">
            <Instant at={withdrawn.at} now={now} />: <bdi>{withdrawn.reason}</bdi>
          </Term>
        )}
      </dl>
      <p className="muted">Instants are in the zone {zoneName(viewerZone)}.</p>
    </>
  );
}

/** Names the devices and customers that the change affects. */
function affectedText({ affected: { vendor, models, regions, identities } }: DetailedChange): string {
  const parts = [
    ...(vendor === undefined ? [] : [`devices of ${vendor}`]),
    ...(models === undefined ? [] : [models.join(", ")]),
    ...(regions === undefined ? [] : [`in ${regions.join(", ")}`]),
    ...(identities === undefined ? [] : [`${identities} listed devices or customers`]),
  ];
  return parts.length === 0 ? "all devices" : parts.join(" · ");
}

/** Returns an ISO 8601 duration in words: `PT26H` becomes `26 h`. */
function wordsOf(duration: string): string {
  const { days, hours, minutes } = Temporal.Duration.from(duration).round({
    largestUnit: "hours",
    smallestUnit: "minutes",
  });
  const all = days * 24 + hours;
  return all > 0 ? `${all} h ${String(minutes).padStart(2, "0")} min` : `${minutes} min`;
}
