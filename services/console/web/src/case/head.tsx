import type { CaseHandoffs, PresentedCase, PresentedHandling } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { severityShape } from "../board/words.ts";
import { countdownText, durationText, zoneName } from "../time/format.ts";
import { Instant } from "../time/instant.tsx";
import { clockWords } from "../ui/clock-words.ts";
import { msOf } from "./instants.ts";
import { handlingsQuery } from "./queries.ts";
import { useCase } from "./use-case.ts";
import { statusText } from "./words.ts";

/** Says in a few words which case this is, who must act, and until when. */
export function CaseHead() {
  const { shown, zone } = useCase();
  const { title, carrierCaseId, severity, status, device, symptom, kind } = shown;
  return (
    <header className="case-head">
      <h1>
        <span className="number">{carrierCaseId}</span> <bdi>{title}</bdi>
      </h1>
      <p className="chips">
        <Severity severity={severity} />
        <span className="chip">{statusText(status)}</span>
        {shown.joint !== undefined && <span className="chip">joint</span>}
        {shown.lastResortCalls > 0 && (
          <span className="chip bad">
            <span aria-hidden="true">☎</span> the last resort rings: call {shown.lastResortCalls}
          </span>
        )}
        {shown.gap === true && <span className="chip warn">! some records may be lost</span>}
        <LiveCustomer />
        <span className="muted">
          {kind}
          {device?.model !== undefined && ` · ${device.model}`}
          {symptom !== undefined && ` · ${symptom}`}
        </span>
      </p>
      <dl className="case-facts">
        <Term name="Holder">
          <Holder />
        </Term>
        <Term name="Next deadline">
          <NextDeadline />
        </Term>
        <Term name="Line">
          {shown.line.name}@{shown.line.version} <span className="muted">({shown.lineReason})</span>
        </Term>
        <Term name="Held">
          {Object.entries(shown.timesByHolder)
            .map(([party, ms]) => `${party} ${durationText(ms)}`)
            .join(", ")}
        </Term>
        {shown.needBy !== undefined && <NeedBy needBy={shown.needBy} feasibility={shown.feasibility} />}
        <MoreTerms />
      </dl>
      {shown.timeline !== "wall" && (
        <p className="muted">
          Stepped timeline: now is <Instant at={shown.at} now={msOf(shown.at)} zone={zone} /> {zoneName(zone)}.
        </p>
      )}
    </header>
  );
}

/** The terms that only some cases have. */
function MoreTerms() {
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

function Term({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const severityTones: Readonly<Record<PresentedCase["severity"], string>> = {
  critical: "bad",
  major: "warn",
  minor: "",
};

function Severity({ severity }: Pick<PresentedCase, "severity">) {
  return (
    <span className={`chip ${severityTones[severity]}`}>
      <span aria-hidden="true">{severityShape[severity]}</span> {severity}
    </span>
  );
}

function LiveCustomer() {
  const { shown, now } = useCase();
  return shown.liveHandlings
    .filter(({ silentSince }) => silentSince === undefined)
    .map(({ id, party, channel, startedAt }) => (
      <span key={id} className="chip bad">
        <span aria-hidden="true">☎</span> customer live for {durationText(now - msOf(startedAt))} by {channel} with{" "}
        {party}
      </span>
    ));
}

function Holder() {
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

function NextDeadline() {
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

function NeedBy({
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
