import { type CaseStatus, type EventOf, parseDuration, parseInstant, topics } from "@crossline/contracts";
import type { CaseState, OpenHandoff, Waiting } from "./case-state.ts";
import { type Happening, isEnded } from "./happening.ts";
import type { AuditedLine } from "./line.ts";
import { isAnswer, isInquiry } from "./side.ts";

const handlingsMax = 20;
const silentAfterMs = 180_000;

type Beat = EventOf<"handling.started" | "handling.continued">;

/** Brings the facts of a case up to date; `line` is the one that it is under before. */
export function learn(on: CaseState, happening: Happening, line: AuditedLine): void {
  learnStatus(on, happening);
  if (isAnswer(happening)) {
    on.answered = true;
    delete on.asked;
  } else if (isInquiry(happening)) on.asked = true;
  learnNeedBy(on, happening);
  switch (happening.type) {
    case "handling.started":
    case "handling.continued":
      beat(on, happening, line);
      break;
    case "handling.ended":
      on.handlings = on.handlings.filter(({ id }) => id !== happening.data.handlingId);
      break;
    case "case.severity-changed":
      on.severity = happening.data.to;
      break;
    case "case.moved":
      on.line = happening.data.line;
      break;
    case "crossing.requested":
      on.crossed = true;
      break;
    case "case.reopened":
      on.crossed = false;
      break;
    default:
      if (happening.topic === topics.handoff) cross(on, happening);
  }
}

function learnStatus(on: CaseState, happening: Happening): void {
  const status = statusAfter(happening);
  if (status === undefined) return;
  const waiting = waitingAfter(happening, status, on.status === "pending" ? on.waiting : undefined);
  on.status = status;
  if (waiting === undefined) delete on.waiting;
  else on.waiting = waiting;
  if (happening.type === "case.closed" && happening.data.reason === "merged") on.mergedAway = true;
  else delete on.mergedAway;
  if (isEnded(status)) on.handlings = [];
}

function learnNeedBy(on: CaseState, happening: Happening): void {
  switch (happening.type) {
    case "case.confirmed":
      on.needByMet = true;
      break;
    case "promise.delivered":
      if (happening.data.kept && happening.data.for === "need-by") on.needByMet = true;
      break;
    case "case.corrected":
      if (happening.data.needBy === undefined) break;
      delete on.needByMet;
      if (happening.data.needBy === null) delete on.needBy;
      else on.needBy = parseInstant(happening.data.needBy);
      break;
    case "case.merged":
      if (happening.data.needBy === undefined) break;
      delete on.needByMet;
      on.needBy = Math.min(on.needBy ?? Infinity, parseInstant(happening.data.needBy));
      break;
    default:
  }
}

/** Who has the case, and who is asked to take it. */
function cross(on: CaseState, happening: Happening): void {
  switch (happening.type) {
    case "handoff.offered":
      on.crossed = true;
      on.handoff = openOf(happening);
      break;
    case "handoff.info-requested":
      on.handoff = { ...openOf(happening), request: happening.sequence };
      break;
    case "handoff.info-provided":
    case "handoff.released": // The question goes with who asked it.
      if (on.handoff?.id === happening.data.handoffId) on.handoff = openOf(happening);
      break;
    case "handoff.accepted":
      on.holder = happening.data.vendor;
      on.crossed = false;
      on.handoff = { ...openOf(happening), accepted: true };
      break;
    case "handoff.returned":
    case "handoff.resolved":
    case "handoff.withdrawn":
      on.holder = on.carrier;
      on.crossed = false;
      endHandoff(on, happening.data.handoffId);
      break;
    case "handoff.rejected":
    case "handoff.lapsed":
    case "handoff.transferred":
      endHandoff(on, happening.data.handoffId);
      break;
    case "handoff.taken":
      on.crossed = false;
      break;
    default:
  }
}

function openOf({ data }: { readonly data: { readonly handoffId: string; readonly vendor: string } }): OpenHandoff {
  return { id: data.handoffId, vendor: data.vendor };
}

function endHandoff(on: CaseState, handoffId: string): void {
  if (on.handoff?.id === handoffId) delete on.handoff;
}

function statusAfter(happening: Happening): CaseStatus | undefined {
  switch (happening.type) {
    case "case.status-changed":
      return happening.data.to;
    case "case.recorded":
      return happening.data.status;
    case "case.resolved":
      return "resolved";
    case "case.closed":
      return "closed";
    case "case.reopened":
      return "reopened";
    default:
      return undefined;
  }
}

/** Whom it waits for, in the words of the last record that said so. */
function waitingAfter(happening: Happening, status: CaseStatus, before: Waiting | undefined): Waiting | undefined {
  if (status !== "pending") return undefined;
  if (happening.type !== "case.status-changed") return before ?? { by: happening.sequence };
  const { waitingOn, maximum } = happening.data;
  return {
    by: before?.by ?? happening.sequence,
    ...(waitingOn !== undefined && { on: waitingOn }),
    ...(maximum !== undefined && { maximum: parseDuration(maximum) }),
  };
}

/**
 * A live handling counts until 3 minutes after its last sign of life, or under a line that says so until so long after its start.
 * What was promised before is not taken back. Of one party only so many are kept.
 */
function beat(on: CaseState, { type, time, data }: Beat, { handlingMaxMs }: AuditedLine): void {
  const { handlingId: id, actor } = data;
  const known = on.handlings.find((handling) => handling.id === id);
  const startedAt = type === "handling.started" ? time : (known?.startedAt ?? time);
  const until = handlingMaxMs === undefined ? time + silentAfterMs : startedAt + handlingMaxMs;
  const beating = { id, party: actor.party, startedAt, until: Math.max(until, known?.until ?? until) };
  const others = on.handlings.filter((handling) => handling !== known);
  const own = others.filter(({ party }) => party === actor.party);
  const kept = own.length < handlingsMax ? others : others.filter((handling) => handling !== own[0]);
  on.handlings = [...kept, beating];
}
