import { type CaseStatus, parseDuration, parseInstant, topics } from "@crossline/contracts";
import type { AuditedCase, OpenHandoff, Waiting } from "./audited-case.ts";
import { type Happening, isAnswer } from "./happening.ts";

const handlingsMax = 20;

/** Brings the facts of a case up to date: all that the rules of clocks ask for. */
export function learn(on: AuditedCase, happening: Happening): void {
  const status = statusAfter(happening);
  if (status !== undefined) {
    const waiting = waitingAfter(happening, status, on.status === "pending" ? on.waiting : undefined);
    on.status = status;
    if (waiting === undefined) delete on.waiting;
    else on.waiting = waiting;
  }
  if (isAnswer(happening)) on.answered = true;
  switch (happening.type) {
    case "handling.started":
    case "handling.continued":
      beat(on, happening.data.handlingId, happening.data.actor.party, happening.time);
      break;
    case "handling.ended":
      on.handlings = on.handlings.filter(({ id }) => id !== happening.data.handlingId);
      break;
    case "case.severity-changed":
      on.severity = happening.data.to;
      break;
    case "case.merged":
      if (happening.data.needBy !== undefined)
        on.needBy = Math.min(on.needBy ?? Infinity, parseInstant(happening.data.needBy));
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

/** Who has the case, and who is asked to take it. */
function cross(on: AuditedCase, happening: Happening): void {
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

function endHandoff(on: AuditedCase, handoffId: string): void {
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

/** The latest sign of life stands last; of one party only so many are kept. */
function beat(on: AuditedCase, id: string, party: string, beatAt: number): void {
  const others = on.handlings.filter((handling) => handling.id !== id);
  const own = others.filter((handling) => handling.party === party);
  const kept = own.length < handlingsMax ? others : others.filter((handling) => handling !== own[0]);
  on.handlings = [...kept, { id, party, beatAt }];
}
