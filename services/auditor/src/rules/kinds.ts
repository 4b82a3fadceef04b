import {
  type ClockKind,
  type DurationMs,
  type EventOf,
  type Instant,
  parseDuration,
  parseInstant,
} from "@crossline/contracts";
import {
  type Turn,
  isAnswer,
  isBy,
  isHeldAnew,
  isHuman,
  isOneOf,
  isOutOfHand,
  isOver,
  isProgress,
  isSolved,
  liveUntil,
} from "./happening.ts";
import type { Meter } from "./meter.ts";
import { type Obligation, targetOf } from "./obligation.ts";

/** How a clock begins, where it differs from: now, charged to the holder, with the line's target, without an end in sight. */
export type Beginning = {
  readonly name?: string;
  readonly charged?: string;
  readonly incarnation?: string;
  /** Its own: the severity does not change it. */
  readonly target?: DurationMs;
  readonly until?: Instant;
} & Pick<Meter, "live" | "page" | "step" | "unsure">;

type Clock = Pick<Meter, "charged" | "incarnation" | "began" | "page">;

/** The rules of a kind, each a sentence of domain.md 2; README.md says them in words. */
export type Rules = {
  readonly ends: (turn: Turn, clock: Clock) => boolean;
  readonly begins: (turn: Turn, obligation: Obligation) => Beginning | false;
  /** Whether time counts after this happening: for ever, until an instant, or not. Without it: always. */
  readonly counts?: (turn: Turn, clock: Clock) => Instant | boolean;
};

const live = ["phone", "chat", "store"];

const handlingTime: Pick<Rules, "begins" | "counts"> = {
  begins: (turn) => {
    if (turn.after.crossed || isSolved(turn)) return false;
    const until = liveUntil(turn, turn.after.holder);
    return until !== false && { until };
  },
  counts: (turn, { charged }) => liveUntil(turn, charged),
};

const information: Rules = {
  ends: (turn, { incarnation }) =>
    incarnation.startsWith("handoff/")
      ? isSolved(turn) || incarnation !== `handoff/${turn.after.handoff?.request}`
      : turn.after.status !== "pending",
  begins: (turn, obligation) => {
    if (isSolved(turn)) return false;
    const { before, after } = turn;
    const request = after.handoff?.request;
    const isPending = after.status === "pending";
    const byVendor = { charged: after.carrier, incarnation: `handoff/${request}` };
    if (isOneOf(turn, "handoff.info-requested")) return byVendor;
    if (isPending && (before?.status !== "pending" || isOneOf(turn, "case.moved"))) return pass(turn, obligation);
    // Of the two that it may run for, what is left over begins when the other has ended.
    if (!isPending && request !== undefined) return byVendor;
    if (isPending && before?.isAsked === true && request === undefined)
      return { ...pass(turn, obligation), incarnation: `case/${after.waiting?.by}` };
    return false;
  },
};

/** A pending case: it is the turn of whom it waits for. */
function pass({ after }: Turn, { targets }: Obligation): Beginning {
  const { on, maximum = Infinity } = after.waiting ?? {};
  const byWhom =
    on === "carrier" ? after.carrier : on === "vendor" ? (after.handoff?.vendor ?? after.holder) : after.holder;
  return {
    charged: byWhom,
    ...(maximum < targetOf(targets, after.severity, false) && { target: maximum }),
  };
}

const answersToOffer = [
  "handoff.accepted",
  "handoff.rejected",
  "handoff.lapsed",
  "handoff.withdrawn",
  "handoff.returned",
  "handoff.transferred",
] as const;

const acceptance: Rules = {
  ends: (turn, { incarnation, page }) => {
    if (isSolved(turn)) return true;
    if (page === true) return isOneOf(turn, "handoff.taken", "handoff.offered", "line.exhausted") || isStepPaged(turn);
    return isOneOf(turn, ...answersToOffer) && turn.happening.data.handoffId === incarnation;
  },
  begins: (turn) => {
    if (isSolved(turn)) return false;
    if (isOneOf(turn, "handoff.offered")) {
      const { handoffId: incarnation, vendor: charged, queue, acceptWithin, reason, step } = turn.happening.data;
      const hours = reason === "transferred" ? {} : waits(turn, step, `queue:${queue}`);
      return { incarnation, charged, ...hours, ...within(acceptWithin) };
    }
    if (!isStepPaged(turn)) return false;
    const { pageId: incarnation, roster, acceptWithin, step } = turn.happening.data;
    if (acceptWithin === undefined) return false;
    const charged = roster.split(".")[0] ?? roster;
    return { incarnation, charged, page: true, ...waits(turn, step, `roster:${roster}`), ...within(acceptWithin) };
  },
  counts: ({ after: { handoff } }, { incarnation }) => handoff?.id !== incarnation || handoff.request === undefined,
};

function isStepPaged(turn: Turn): turn is Turn & { readonly happening: EventOf<"roster.paged"> } {
  return turn.happening.type === "roster.paged" && turn.happening.data.reason === "step";
}

function within(acceptWithin: string | undefined): { target?: DurationMs } {
  return acceptWithin === undefined ? {} : { target: parseDuration(acceptWithin) };
}

/** A step that waits until somebody is there counts in those hours. Where they are not known, the timer's word is taken. */
function waits({ line }: Turn, step: number | undefined, to: string): Pick<Beginning, "step" | "unsure"> {
  const wait = step === undefined ? undefined : line.waits.get(step);
  if (step === undefined || wait?.to !== to) return {};
  return { step, ...(wait.hours === undefined && { unsure: true }) };
}

/** Until an instant; where it is past, a clock is due when it begins. */
const upTo = ({ happening }: Turn, instant: Instant): { target: DurationMs } => ({
  target: Math.max(0, instant - happening.time),
});

/** Rules by kind, or that there are none: then every clock of the kind is reported as unaudited. A new kind must choose. */
export const rules: Readonly<Record<ClockKind, Rules | "unaudited">> = {
  "first-response": {
    ends: (turn) => isAnswer(turn.happening) || isOver(turn),
    begins: (turn) =>
      isOneOf(turn, "case.opened") &&
      !isOver(turn) &&
      (live.includes(turn.happening.data.channel) ? { live: true } : {}),
  },
  "next-update": {
    ends: (turn) => isAnswer(turn.happening) || isOver(turn),
    begins: (turn) =>
      isOneOf(turn, "case.contacted") &&
      turn.happening.data.direction === "inbound" &&
      turn.after.answered === true &&
      !isOver(turn) && { charged: turn.after.carrier },
  },
  "stall.busy": {
    ends: (turn, { charged }) => isProgress(turn, charged) || isOutOfHand(turn, charged),
    ...handlingTime,
  },
  "handling.limit": { ends: (turn, { charged }) => isOutOfHand(turn, charged), ...handlingTime },
  "stall.idle": {
    ends: (turn, { charged, began }) =>
      isSolved(turn) ||
      (turn.after.status === "pending" && isHuman(turn)) ||
      (isBy(turn, charged) && turn.happening.time >= began) ||
      isHeldAnew(turn),
    begins: (turn) => !isSolved(turn) && turn.after.status !== "pending" && {},
    counts: ({ after }) => after.status !== "pending",
  },
  "vendor.acceptance": acceptance,
  information,
  confirmation: {
    ends: (turn) => turn.after.status !== "resolved" || isOneOf(turn, "case.confirmed"),
    begins: (turn) =>
      (isOneOf(turn, "case.resolved") || (isOneOf(turn, "case.moved") && turn.after.status === "resolved")) && {
        charged: turn.after.carrier,
      },
  },
  "last-resort": {
    ends: (turn) => isSolved(turn) || isOneOf(turn, "handoff.taken", "last-resort.called"),
    begins: (turn) =>
      isOneOf(turn, "last-resort.called") &&
      !isSolved(turn) && { charged: turn.after.carrier, target: parseDuration(turn.happening.data.next) },
  },
  joint: {
    ends: (turn) => isSolved(turn) || isOneOf(turn, "joint.session-held"),
    begins: (turn) =>
      isOneOf(turn, "joint.declared") && !isSolved(turn) && { charged: turn.happening.data.accountable },
  },
  resolution: {
    ends: (turn) => isOver(turn) || isOneOf(turn, "case.confirmed"),
    begins: (turn) =>
      isOneOf(turn, "case.opened", "case.reopened", "case.moved") && !isSolved(turn) && { charged: turn.after.carrier },
    counts: ({ after }) => after.status !== "resolved",
  },
  "need-by": {
    ends: (turn) => isSolved(turn) || isOneOf(turn, "promise.delivered"),
    begins: (turn) => {
      const { carrier: charged, needBy } = turn.after;
      const latest = needBy === undefined ? undefined : turn.line.latestSafe?.(needBy);
      const begins = isOneOf(turn, "case.opened", "case.moved", "case.merged");
      if (latest === undefined || isSolved(turn) || !begins) return false;
      return { charged, ...upTo(turn, latest) };
    },
  },
  promise: {
    ends: (turn, { incarnation }) =>
      isOver(turn) ||
      (isOneOf(turn, "promise.delivered", "promise.withdrawn") && turn.happening.data.promiseId === incarnation),
    begins: (turn) => {
      if (!isOneOf(turn, "promise.made") || isOver(turn)) return false;
      const { promiseId: incarnation, promisor: charged, until } = turn.happening.data;
      return { name: `promise/${incarnation}`, incarnation, charged, ...upTo(turn, parseInstant(until)) };
    },
  },
};

/** Whether clocks of this kind are held against rules of the auditor's own. */
export function isAudited(kind: ClockKind): boolean {
  return rules[kind] !== "unaudited";
}
