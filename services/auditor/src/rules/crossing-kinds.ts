import { type DurationMs, type EventOf, parseDuration, partyOf } from "@crossline/contracts";
import { type Turn, isOneOf, isSolved } from "./turn.ts";
import type { Beginning, Rules } from "./kind.ts";
import { type Obligation, targetOf } from "./obligation.ts";

export const information: Rules = {
  ends: (turn, { incarnation }) =>
    incarnation.startsWith("handoff/")
      ? isSolved(turn.after.status) || incarnation !== `handoff/${turn.after.handoff?.request}`
      : turn.after.status !== "pending",
  begins: (turn, obligation) => {
    if (isSolved(turn.after.status)) return false;
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

export const vendorAcceptance: Rules = {
  ends: (turn, { incarnation, page }) => {
    if (isSolved(turn.after.status)) return true;
    if (page === true) return isOneOf(turn, "handoff.taken", "handoff.offered", "line.exhausted") || isStepPaged(turn);
    return isOneOf(turn, ...answersToOffer) && turn.happening.data.handoffId === incarnation;
  },
  begins: (turn) => {
    if (isSolved(turn.after.status)) return false;
    if (isOneOf(turn, "handoff.offered")) {
      const { handoffId: incarnation, vendor: charged, queue, acceptWithin, reason, step } = turn.happening.data;
      const hours = reason === "transferred" ? {} : waits(turn, step, `queue:${queue}`);
      return { incarnation, charged, ...hours, ...within(acceptWithin) };
    }
    if (!isStepPaged(turn)) return false;
    const { pageId: incarnation, roster, acceptWithin, step } = turn.happening.data;
    if (acceptWithin === undefined) return false;
    const charged = partyOf(roster);
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

export const lastResort: Rules = {
  ends: (turn) => isSolved(turn.after.status) || isOneOf(turn, "handoff.taken", "last-resort.called"),
  begins: (turn) =>
    isOneOf(turn, "last-resort.called") &&
    !isSolved(turn.after.status) && { charged: turn.after.carrier, target: parseDuration(turn.happening.data.next) },
};
