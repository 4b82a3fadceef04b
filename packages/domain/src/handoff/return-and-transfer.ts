import {
  type EventData,
  type Evidence,
  type Instant,
  type Refusal,
  type ReturnCode,
  type TransferCode,
  partyOf,
} from "@crossline/contracts";
import { refuse } from "../decision.ts";
import { hasHeld, changeHolder } from "../holder-times.ts";
import { aboutHandoff, appendHandoffEvent, automation } from "./append-event.ts";
import { type CaseCrossing, type CrossingDecision, type CrossingOutcome, returnsOf } from "./case-crossing.ts";
import type { CrossingDeps } from "./deps.ts";
import type { LeasedHandoff } from "./handoff.ts";
import type { HandoffAtDesk } from "./lease.ts";
import { takeNextStep } from "./next-step.ts";
import { endOffer, offerCase } from "./offer.ts";
import { applyTriggers } from "./triggers.ts";
import { withoutWait } from "./waits.ts";

/** The command with which a vendor returns an accepted case. */
export type Return = {
  readonly type: "return";
  readonly token: number;
  readonly code: ReturnCode;
  readonly evidence?: Evidence | undefined;
  readonly note?: string | undefined;
};

/** The command with which a vendor transfers an accepted case to another queue. */
export type Transfer = {
  readonly type: "transfer";
  readonly token: number;
  readonly code: TransferCode;
  readonly to: string;
  /** Required for a transfer back to a vendor that had accepted the case before. */
  readonly evidence?: Evidence | undefined;
  readonly note?: string | undefined;
};

/**
 * Returns the case to the carrier, with evidence. When the returns between the vendor and the carrier reach `jointAfter`, the
 * case becomes joint. No vendor can return a joint case.
 */
export function returnCase(
  { state, open, actor }: HandoffAtDesk,
  { code, evidence, note }: Return,
  deps: CrossingDeps,
  at: Instant,
): CrossingOutcome {
  if (state.joint !== undefined)
    return refuse("returning_closed", "The case is joint: resolve it with its root cause, or hold a joint session.");
  if (evidence === undefined) return refuseWithoutEvidence("A return needs evidence, not an opinion.");
  const sent = { code, evidence, note, pair: open.vendor, parties: [state.carrier, open.vendor] };
  const joint = recordReturn({ state, open, actor }, sent, deps.line.jointAfter, at);
  const triggered = applyTriggers(joint, deps, at, { returned: returnsOf(joint.state) });
  if (triggered !== joint) return triggered;
  // The next crossing offers the case to the same vendor again, because this vendor already knows the case.
  return { ...joint, state: { ...joint.state, next: { step: open.step, attempt: 0 } } };
}

/** A return: its reason, the pair of companies for which it counts, and the parties of the case if the case becomes joint. */
type CountedReturn = Pick<EventData<"handoff.returned">, "code" | "evidence"> & {
  readonly note?: string | undefined;
  readonly pair: string;
  readonly parties: readonly string[];
};

/** Makes the carrier the holder again. When the returns of the pair reach `jointAfter`, the case becomes joint. */
function recordReturn(
  { state, open, actor }: HandoffAtDesk,
  { code, evidence, note, pair, parties }: CountedReturn,
  jointAfter: number,
  at: Instant,
): CrossingDecision {
  const returns = returnsOfPair(state, pair) + 1;
  const data = { ...aboutHandoff(state, open), actor, code, evidence, ...(note !== undefined && { note }), returns };
  const ended = { state: withoutWait(state), messages: [] };
  const returned = appendHandoffEvent(ended, at, { type: "handoff.returned", data });
  const withReturns = { ...returned.state, returns: { ...state.returns, [pair]: returns } };
  const withHolder = { state: changeHolder(withReturns, state.carrier, at), messages: returned.messages };
  if (returns < jointAfter) return withHolder;
  // The carrier is accountable until another company becomes accountable.
  const joint = { accountable: state.carrier, parties: [...parties] };
  return appendHandoffEvent({ state: { ...withHolder.state, joint }, messages: withHolder.messages }, at, {
    type: "joint.declared",
    data: { actor: automation(state.carrier), ...joint, returns, handoffId: open.id },
  });
}

function returnsOfPair({ returns = {} }: CaseCrossing, pair: string): number {
  return returns[pair] ?? 0;
}

function refuseWithoutEvidence(detail: string): { readonly refused: Refusal } {
  const fields = [
    { at: "/evidence", message: "is required: the test, its result, and the result that would change your mind" },
  ];
  return refuse("evidence_needed", detail, { fields });
}

/**
 * Transfers the case to another queue. All obligations of the case continue. The transferring vendor is the holder until
 * another vendor accepts. If a trigger counts transfers and reaches its count, the line's next step follows instead. A transfer
 * back to a vendor that had accepted the case counts as a return between the two vendors and needs evidence. If the number of
 * returns then reaches `jointAfter`, the case becomes joint instead.
 */
export function transferCase(
  { state, open, actor }: HandoffAtDesk,
  { code, to, evidence, note }: Transfer,
  deps: CrossingDeps,
  at: Instant,
): CrossingOutcome {
  if (state.joint !== undefined)
    return refuse("returning_closed", "The case is joint: resolve it with its root cause, or hold a joint session.");
  if (to === open.queue) return refuse("illegal_transition", "The case is already in this queue; name another one.");
  const vendor = partyOf(to);
  const isPassedBack = vendor !== open.vendor && hasHeld(state, vendor);
  const pair = [open.vendor, vendor].toSorted().join("+");
  const returns = returnsOfPair(state, pair) + 1;
  if (isPassedBack) {
    if (evidence === undefined)
      return refuseWithoutEvidence(
        `${vendor} had this case and transferred it: a transfer back needs evidence, not an opinion.`,
      );
    if (returns >= deps.line.jointAfter) {
      const parties = [state.carrier, open.vendor, vendor];
      const sent = { code: "belongs-to-third-party", evidence, note, pair, parties } as const;
      return recordReturn({ state, open, actor }, sent, deps.line.jointAfter, at);
    }
  }
  const transfers = (state.transfers ?? 0) + 1;
  const withReturns = {
    ...withoutWait(state),
    transfers,
    ...(isPassedBack && { returns: { ...state.returns, [pair]: returns } }),
  };
  const transferred = appendHandoffEvent({ state: withReturns, messages: [] }, at, {
    type: "handoff.transferred",
    data: {
      ...aboutHandoff(state, open),
      actor,
      code,
      to,
      ...(note !== undefined && { note }),
      ...(evidence !== undefined && { evidence }),
      ...(isPassedBack && { returns }),
    },
  });
  const triggered = applyTriggers(transferred, deps, at, { transferred: transfers });
  if (triggered !== transferred) return triggered;
  const { mode, step, attempt, acceptWithin } = open;
  const reason = { reason: "transferred" } as const;
  return offerCase(transferred, deps, at, { vendor, queue: to, mode, step, attempt, acceptWithin, reason });
}

/** Rejects an offer. The next line step follows at once. */
export function rejectOffer(
  { state, open, actor }: HandoffAtDesk<LeasedHandoff>,
  why: Pick<EventData<"handoff.rejected">, "code" | "note">,
  deps: CrossingDeps,
  at: Instant,
): CrossingDecision {
  const data = { ...aboutHandoff(state, open), actor, ...why };
  const rejected = appendHandoffEvent({ state, messages: [] }, at, { type: "handoff.rejected", data });
  return takeNextStep(endOffer(rejected, open, at, "rejected"), deps, at, { reason: "rejected" });
}
