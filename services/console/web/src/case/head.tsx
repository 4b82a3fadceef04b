import type { PresentedCase } from "@crossline/contracts";
import { severityShape } from "../board/words.ts";
import { durationText, zoneName } from "../time/format.ts";
import { Instant } from "../time/instant.tsx";
import { Holder, MoreTerms, NeedBy, NextDeadline } from "./head-terms.tsx";
import { Term } from "../ui/term.tsx";
import { IncidentTerm } from "./incident-term.tsx";
import { msOf } from "./instants.ts";
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
        <IncidentTerm />
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
