import { type CaseStatus, parseDuration, parseInstant, topics } from "@crossline/contracts";
import type { CaseState, OpenHandoff, Waiting } from "./case-state.ts";
import { beat } from "./handlings.ts";
import type { Happening } from "./happening.ts";
import { isEnded, isSolved } from "./turn.ts";
import { passOn } from "./holding.ts";
import type { AuditedLine } from "./audited-line.ts";
import { isAnswer, isInquiry } from "./side.ts";

/** Brings the facts of a case up to date; `line` is the one that it is under before. */
export function learn(on: CaseState, happening: Happening, line: AuditedLine): void {
  learnStatus(on, happening);
  if (on.status !== "resolved" || isAnswer(happening)) delete on.asked;
  else if (isInquiry(happening)) on.asked = true;
  if (isAnswer(happening)) on.answered = true;
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
      if (happening.topic === topics.handoff) passOn(on, happening);
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
  // A question ends with the cure, also where the withdrawal of its hand-off has not been read.
  if (isSolved(status) && on.handoff !== undefined) on.handoff = withoutRequest(on.handoff);
}

function withoutRequest(open: OpenHandoff): OpenHandoff {
  const { request: _, ...rest } = open;
  return rest;
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
