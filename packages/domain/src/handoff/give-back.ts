import {
  type Actor,
  type EventData,
  type Evidence,
  type InformationCode,
  type Instant,
  type Refusal,
  type ReturnCode,
  type TransferCode,
  refusal,
} from "@crossline/contracts";
import { refuse } from "../case/answers.ts";
import type { Outcome } from "../decision.ts";
import { hasHeld, hold } from "../holder-times.ts";
import { timeGone, withoutQuestion } from "./accept-by.ts";
import { about, cross, offer } from "./next-step.ts";
import { type CaseCrossing, type CrossingDecision, automation, returnsOf, tell } from "./case-crossing.ts";
import type { Ground } from "./ground.ts";
import type { AcceptedHandoff, AskingHandoff, LeasedHandoff } from "./handoff.ts";
import { giveItems } from "./material.ts";
import { tellEnded } from "./vendor-queue.ts";
import { triggerOn } from "./triggers.ts";
import { withOpen, withoutWait } from "./waits.ts";

/** A command's case, its open hand-off in a phase that the command is for, and who gives it. */
export type Given<Open = AcceptedHandoff> = {
  readonly state: CaseCrossing;
  readonly open: Open;
  readonly actor: Actor;
};
type Answer = Outcome<CaseCrossing, CrossingDecision["messages"][number]>;

/** A vendor asks back before it accepts: its clock rests, the carrier's runs. */
export type InformationRequest = {
  readonly type: "request-info";
  readonly token: number;
  readonly code: InformationCode;
  readonly items: readonly string[];
  readonly question?: string | undefined;
};

/** A vendor that had accepted sends the case back. */
export type Return = {
  readonly type: "return";
  readonly token: number;
  readonly code: ReturnCode;
  readonly evidence?: Evidence | undefined;
  readonly note?: string | undefined;
};

/** A vendor that had accepted passes the case on to another queue. */
export type Transfer = {
  readonly type: "transfer";
  readonly token: number;
  readonly code: TransferCode;
  readonly to: string;
  /** Needed where the case is passed back to a vendor that had accepted it before. */
  readonly evidence?: Evidence | undefined;
  readonly note?: string | undefined;
};

/** The vendor asks; the lease and the token stay. */
export function requestInformation(
  { state, open, actor }: Given<LeasedHandoff>,
  { code, items, question }: InformationRequest,
  { line }: Ground,
  at: Instant,
): Answer {
  if (open.phase !== "claimed")
    return refuse("illegal_transition", "Information is asked for between claim and acceptance.");
  const asked: AskingHandoff = {
    ...open,
    goneMs: timeGone(open, line, at),
    phase: "info-requested",
    asked: state.sequence + 1,
    ...(items.length > 0 && { askedFor: items }),
  };
  const data = { ...about(state, open), actor, code, items: [...items], ...(question !== undefined && { question }) };
  return tell({ state: withOpen(state, asked), messages: [] }, at, "handoff.info-requested", data);
}

/** The carrier's answer, or that its time ran out and the vendor goes on with best effort. The vendor's clock goes on. */
export function provideInformation(
  { state, messages }: CrossingDecision,
  open: AskingHandoff,
  actor: Actor,
  answer: Pick<EventData<"handoff.info-provided">, "answer" | "items" | "bestEffort">,
  ground: Pick<Ground, "line">,
  at: Instant,
): CrossingDecision {
  const claimed = withoutQuestion(open, ground.line, state.material.severity, at);
  const next: CaseCrossing = {
    ...withOpen(state, claimed),
    material: giveItems(state.material, answer.items ?? []),
  };
  return tell({ state: next, messages }, at, "handoff.info-provided", { ...about(state, open), actor, ...answer });
}

/**
 * The case goes back to the carrier, with evidence. With the line's `jointAfter`-th return of this pair it becomes joint
 * (domain.md 4): returning is closed from then on.
 */
export function giveBack(
  { state, open, actor }: Given,
  { code, evidence, note }: Return,
  ground: Ground,
  at: Instant,
): Answer {
  if (state.joint !== undefined)
    return refuse("returning_closed", "The case is joint: work on it together, or resolve it with its root cause.");
  if (evidence === undefined) return refuseOpinion("A return needs evidence, not an opinion.");
  const sent = { code, evidence, note, pair: open.vendor, parties: [state.carrier, open.vendor] };
  const joint = sendBack({ state, open, actor }, sent, ground, at);
  const triggered = triggerOn(joint, ground, at, { returned: returnsOf(joint.state) });
  if (triggered !== joint) return triggered;
  // When the carrier has done its part, the case goes back to who knows it already.
  return { ...joint, state: { ...joint.state, next: { step: open.step, attempt: 0 } } };
}

/** What a vendor sends back: why, whose returns it counts among, and which companies own the case if it becomes joint by it. */
type SentBack = Pick<EventData<"handoff.returned">, "code" | "evidence"> & {
  readonly note?: string | undefined;
  readonly pair: string;
  readonly parties: readonly string[];
};

/** The carrier has the case again; with the line's `jointAfter`-th return of the pair all its companies own the case. */
function sendBack(
  { state, open, actor }: Given,
  { code, evidence, note, pair, parties }: SentBack,
  { line }: Ground,
  at: Instant,
): CrossingDecision {
  const returns = returnsOfPair(state, pair) + 1;
  const told = tell({ state: withoutWait(state), messages: [] }, at, "handoff.returned", {
    ...about(state, open),
    actor,
    code,
    evidence,
    ...(note !== undefined && { note }),
    returns,
  });
  const back = { ...told.state, returns: { ...state.returns, [pair]: returns } };
  const held = { state: hold(back, state.carrier, at), messages: told.messages };
  if (returns < line.jointAfter) return held;
  // The carrier answers for it until another company is named.
  const joint = { accountable: state.carrier, parties: [...parties] };
  return tell({ state: { ...held.state, joint }, messages: held.messages }, at, "joint.declared", {
    actor: automation(state.carrier),
    ...joint,
    returns,
    handoffId: open.id,
  });
}

function returnsOfPair({ returns = {} }: CaseCrossing, pair: string): number {
  return returns[pair] ?? 0;
}

function refuseOpinion(detail: string): { readonly refused: Refusal } {
  const fields = [{ at: "/evidence", message: "is needed: the test, its result, and what would change your mind" }];
  return { refused: refusal("evidence_needed", detail, { fields }) };
}

/**
 * The case goes on to another queue, with every obligation: the vendor that passes it on holds it until another accepts.
 * Where a trigger counts transfers and this one is enough, the line's next step follows instead. To pass it back to a vendor that
 * had accepted it counts as a return of the two: it needs evidence, and the one that reaches `jointAfter` makes the case joint
 * instead of asking that vendor again.
 */
export function transfer({ state, open, actor }: Given, transferred: Transfer, ground: Ground, at: Instant): Answer {
  const { code, to, evidence, note } = transferred;
  if (state.joint !== undefined)
    return refuse("returning_closed", "The case is joint: work on it together, or resolve it with its root cause.");
  if (to === open.queue) return refuse("illegal_transition", "The case lies in this queue already; name another one.");
  const vendor = to.split(".")[0] ?? to;
  const isPassedBack = vendor !== open.vendor && hasHeld(state, vendor);
  const pair = [open.vendor, vendor].toSorted().join("+");
  const returns = returnsOfPair(state, pair) + 1;
  if (isPassedBack) {
    if (evidence === undefined)
      return refuseOpinion(`${vendor} had this case and passed it on: to pass it back needs evidence, not an opinion.`);
    if (returns >= ground.line.jointAfter) {
      const parties = [state.carrier, open.vendor, vendor];
      const sent = { code: "belongs-to-third-party", evidence, note, pair, parties } as const;
      return sendBack({ state, open, actor }, sent, ground, at);
    }
  }
  const transfers = (state.transfers ?? 0) + 1;
  const counted = {
    ...withoutWait(state),
    transfers,
    ...(isPassedBack && { returns: { ...state.returns, [pair]: returns } }),
  };
  const told = tell({ state: counted, messages: [] }, at, "handoff.transferred", {
    ...about(state, open),
    actor,
    code,
    to,
    ...(note !== undefined && { note }),
    ...(evidence !== undefined && { evidence }),
    ...(isPassedBack && { returns }),
  });
  const triggered = triggerOn(told, ground, at, { transferred: transfers });
  if (triggered !== told) return triggered;
  return offer(told, ground, at, {
    vendor,
    queue: to,
    mode: open.mode,
    step: open.step,
    attempt: open.attempt,
    acceptWithin: open.acceptWithin,
    reason: { reason: "transferred" },
  });
}

/** A vendor refuses an offer; the next step of the line follows at once. */
export function reject(
  { state, open, actor }: Given<LeasedHandoff>,
  why: Pick<EventData<"handoff.rejected">, "code" | "note">,
  ground: Ground,
  at: Instant,
): CrossingDecision {
  const told = tell({ state, messages: [] }, at, "handoff.rejected", { ...about(state, open), actor, ...why });
  const ended = tellEnded({ state: withoutWait(told.state), messages: told.messages }, open, at, "rejected");
  return cross(ended, ground, at, { reason: "rejected" });
}
