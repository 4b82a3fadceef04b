import { type DurationMs, type EventOf, parseDuration, partyOf } from "@crossline/contracts";
import { type CaseChange, isJoined, isOneOf, isSolved } from "./case-change.ts";
import type { StartTerms, KindRules } from "./kind-rules.ts";
import { type Obligation, targetOf } from "./obligation.ts";

export const information: KindRules = {
  ends: (change, { incarnation, member }) => {
    if (member === true) return change.after.membership === undefined || isOneOf(change, "incident.joined");
    return incarnation.startsWith("handoff/")
      ? isSolved(change.after.status) || incarnation !== `handoff/${change.after.handoff?.request}`
      : change.after.status !== "pending";
  },
  starts: (change, obligation) => {
    if (isSolved(change.after.status)) return false;
    const { before, after } = change;
    const request = after.handoff?.request;
    const isPending = after.status === "pending";
    const byVendor = { charged: after.carrier, incarnation: `handoff/${request}` };
    if (isOneOf(change, "handoff.info-requested")) return byVendor;
    if (isPending && (before?.status !== "pending" || isOneOf(change, "case.moved")))
      return startOfPass(change, obligation);
    // The clock runs for one of three reasons: a pass, an information request or a membership. When the reason of the clock ends and
    // another reason still exists, a new clock starts for the other reason.
    if (!isPending && request !== undefined) return byVendor;
    const isOver = (before?.isAsked === true && request === undefined) || before?.isMember === true;
    if (isPending) return isOver && { ...startOfPass(change, obligation), incarnation: `case/${after.waiting?.by}` };
    return after.membership !== undefined && startOfMembership(change, after.membership);
  },
};

/** Returns the start of the clock for a pass. The charged party is the party for which the case waits. */
function startOfPass({ after }: CaseChange, { targets }: Obligation): StartTerms {
  const { on, maximum = Infinity } = after.waiting ?? {};
  const chargedParty =
    on === "carrier" ? after.carrier : on === "vendor" ? (after.handoff?.vendor ?? after.holder) : after.holder;
  return {
    charged: chargedParty,
    ...(maximum < targetOf(targets, after.severity, false) && { target: maximum }),
  };
}

/** Returns the start of the clock for a membership. A clock that a move starts can fire again, so it has its own incarnation. */
function startOfMembership(
  change: CaseChange,
  { by, holder }: NonNullable<CaseChange["after"]["membership"]>,
): StartTerms {
  return {
    charged: holder,
    member: true,
    incarnation: `case/${isOneOf(change, "case.moved") ? change.event.sequence : by}`,
  };
}

const offerEnds = [
  "handoff.accepted",
  "handoff.rejected",
  "handoff.lapsed",
  "handoff.withdrawn",
  "handoff.returned",
  "handoff.transferred",
] as const;

export const vendorAcceptance: KindRules = {
  ends: (change, { incarnation, page }) => {
    if (isSolved(change.after.status)) return true;
    if (page === true)
      return (
        isOneOf(change, "handoff.taken", "handoff.offered", "pool.assigned", "line.exhausted") ||
        isStepPaged(change) ||
        isJoined(change)
      );
    if (isOneOf(change, "pool.claimed", "pool.released", "pool.lapsed"))
      return change.event.data.assignmentId === incarnation;
    return isOneOf(change, ...offerEnds) && change.event.data.handoffId === incarnation;
  },
  starts: (change) => {
    if (isSolved(change.after.status)) return false;
    if (isOneOf(change, "handoff.offered")) {
      const { handoffId: incarnation, vendor: charged, queue, acceptWithin, reason, step } = change.event.data;
      const hours = reason === "transferred" ? {} : hoursOfStep(change, step, `queue:${queue}`);
      return { incarnation, charged, ...hours, ...within(acceptWithin) };
    }
    if (isOneOf(change, "pool.assigned")) {
      const { assignmentId: incarnation, acceptWithin } = change.event.data;
      return { incarnation, charged: change.after.holder, ...within(acceptWithin) };
    }
    if (!isStepPaged(change)) return false;
    const { pageId: incarnation, roster, acceptWithin, step } = change.event.data;
    if (acceptWithin === undefined) return false;
    const charged = partyOf(roster);
    return {
      incarnation,
      charged,
      page: true,
      ...hoursOfStep(change, step, `roster:${roster}`),
      ...within(acceptWithin),
    };
  },
  counts: ({ after: { handoff } }, { incarnation }) => handoff?.id !== incarnation || handoff.request === undefined,
};

function isStepPaged(change: CaseChange): change is CaseChange & { readonly event: EventOf<"roster.paged"> } {
  return change.event.type === "roster.paged" && change.event.data.reason === "step";
}

function within(acceptWithin: string | undefined): { target?: DurationMs } {
  return acceptWithin === undefined ? {} : { target: parseDuration(acceptWithin) };
}

/**
 * Returns the index of the line step if the step waits for open hours. The clock counts in the hours of the step, and is unsure if
 * these hours are unknown.
 */
function hoursOfStep({ line }: CaseChange, step: number | undefined, to: string): Pick<StartTerms, "step" | "unsure"> {
  const wait = step === undefined ? undefined : line.waits.get(step);
  if (step === undefined || wait?.to !== to) return {};
  return { step, ...(wait.hours === undefined && { unsure: true }) };
}

export const lastResort: KindRules = {
  ends: (change) => isSolved(change.after.status) || isOneOf(change, "handoff.taken", "last-resort.called"),
  starts: (change) =>
    isOneOf(change, "last-resort.called") &&
    !isSolved(change.after.status) && { charged: change.after.carrier, target: parseDuration(change.event.data.next) },
};
