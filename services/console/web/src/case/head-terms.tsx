import type { CaseHandoffs, PresentedCase, PresentedHandling } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { countdownText } from "../time/format.ts";
import { Instant } from "../time/instant.tsx";
import { clockWords } from "../ui/clock-words.ts";
import { Term } from "../ui/term.tsx";
import { msOf } from "./instants.ts";
import { handlingsQuery } from "./queries.ts";
import { useCase } from "./use-case.ts";

/** The terms that only some cases have. */
export function MoreTerms() {
  const { shown } = useCase();
  const { mergedInto } = shown;
  return (
    <>
      {shown.waiting !== undefined && (
        <Term name="Waits for">
          {shown.waiting.on ?? "another act"}
          {shown.waiting.note !== undefined && (
            <>
              : <bdi>{shown.waiting.note}</bdi>
            </>
          )}
        </Term>
      )}
      {shown.proposedSeverity !== undefined && (
        <Term name="Proposed severity">
          {shown.proposedSeverity.to}, by {shown.proposedSeverity.by}
          {shown.proposedSeverity.reason !== undefined && (
            <>
              : <bdi>{shown.proposedSeverity.reason}</bdi>
            </>
          )}
        </Term>
      )}
      {shown.rootCause !== undefined && (
        <Term name="Root cause">
          <bdi>{shown.rootCause}</bdi>
        </Term>
      )}
      {mergedInto !== undefined && (
        <Term name="Merged into">
          <code>{mergedInto}</code>
        </Term>
      )}
      {shown.accountable !== shown.holder && <Term name="Answers to the customer">{shown.accountable}</Term>}
    </>
  );
}

/** Names the company that must act, and its person. */
export function Holder() {
  const { shown, handoffs } = useCase();
  const { data: handlings } = useQuery(handlingsQuery(shown.id));
  const person = personOf(shown, handoffs.data, handlings?.items ?? []);
  return (
    <>
      {shown.holder}
      {person !== undefined && (
        <>
          {" "}
          (<bdi>{person}</bdi>)
        </>
      )}
      {shown.handoff !== undefined && shown.handoff.vendor !== shown.holder && (
        <span className="muted">
          {" "}
          · {shown.handoff.phase === "info-requested" ? "question from" : shown.handoff.phase} {shown.handoff.queue}
        </span>
      )}
      {shown.pool !== undefined && (
        <span className="muted">
          {" "}
          · pool {shown.pool.pool}
          {shown.pool.claimedBy !== undefined && ` (${shown.pool.claimedBy})`}
        </span>
      )}
    </>
  );
}

/** Returns the person who works on the case at the holder: the engineer of the acceptance, or the person of the last live handling. */
function personOf(
  { holder, carrier, inquiry, joint }: PresentedCase,
  handoffs: CaseHandoffs | undefined,
  handlings: readonly PresentedHandling[],
): string | undefined {
  const named = joint?.persons.find(({ party }) => party === holder)?.engineer.name;
  if (holder !== carrier) {
    const accepted = handoffs?.handoffs.findLast(
      ({ vendor, acceptance }) => vendor === holder && acceptance !== undefined,
    );
    return accepted?.acceptance?.subject.engineer.name ?? named;
  }
  const handling = handlings.findLast(({ party }) => party === holder);
  return inquiry?.owner?.person ?? named ?? handling?.person;
}

/** Counts down to the next deadline of the case. */
export function NextDeadline() {
  const { shown, now, zone } = useCase();
  const { nextDue } = shown;
  if (nextDue === undefined) return <span className="muted">no clock runs</span>;
  const left = msOf(nextDue.dueAt) - now;
  return (
    <>
      <strong className={left < 0 ? "bad" : ""}>
        {clockWords(nextDue.clock)} {left < 0 ? `late by ${countdownText(-left)}` : `in ${countdownText(left)}`}
      </strong>{" "}
      <span className="muted">
        (<Instant at={nextDue.dueAt} now={now} zone={zone} />, owed by {nextDue.charged})
      </span>
    </>
  );
}

/** Shows the need-by of the customer, and the latest safe crossing. */
export function NeedBy({
  needBy,
  feasibility,
}: {
  readonly needBy: string;
  readonly feasibility: PresentedCase["feasibility"];
}) {
  const { now, zone } = useCase();
  return (
    <Term name="Need-by">
      <Instant at={needBy} now={now} zone={zone} named />
      {feasibility !== undefined && (
        <span className="muted">
          {" "}
          · {feasibility.verdict}; latest safe crossing{" "}
          <Instant at={feasibility.latestSafeCrossing} now={now} zone={zone} />
        </span>
      )}
    </Term>
  );
}
