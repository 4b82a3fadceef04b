import type { Actor, Channel, EventData, Instant } from "@crossline/contracts";
import { refuse } from "../decision.ts";
import { addAttempt } from "../inquiry/inquiry.ts";
import { defaultLettersMs } from "../line/line.ts";
import { isAnswer, isCustomersContact, isInquiry } from "./act.ts";
import { refuseTransition, withStatus } from "./transition.ts";
import { appendCaseEvent } from "./append-event.ts";
import { type CaseDecision, type CaseOutcome, type CaseState, intakeActor } from "./case.ts";
import { lacksRootCause } from "./change-status.ts";
import { closeConfirmed, reopen } from "./ending.ts";
import { caseLimits } from "./limits.ts";
import { isEnded } from "./status.ts";
import { addToSubject, refuseIdentity } from "./subject.ts";

/**
 * The command to record a contact. A person's live contact is also a handling, and `handlingId` is the caller's id for this
 * handling.
 */
export type ContactCommand = {
  readonly type: "contact";
  readonly handlingId?: string | undefined;
  /** True for a mail that names only a sender. Such a contact never ends a pause, because the sender can be forged. */
  readonly keepsPause?: boolean | undefined;
  /** True for a verdict on the customer's screen, which a case accepts only while it is resolved. */
  readonly needsResolved?: boolean | undefined;
} & Omit<EventData<"case.contacted">, "actor">;

const liveChannels: ReadonlySet<Channel> = new Set(["phone", "chat", "store"]);

/**
 * Returns true if a contact that matches no existing case opens a new case. An automatic reply or `works` does not open a case.
 */
export function opensCase({ content }: Pick<ContactCommand, "content">): boolean {
  return content !== "auto-reply" && content !== "works";
}

/** Returns true if a contact is also a handling, because a person is live with the customer. */
export function isHandling({
  actor: { person, automated },
  channel,
  content,
}: Pick<EventData<"case.contacted">, "actor" | "channel" | "content">): boolean {
  return (
    person !== undefined && !automated && liveChannels.has(channel) && content !== "auto-reply" && content !== "article"
  );
}

/**
 * Records a contact and its effect on the case. If the carrier records `works`, a resolved case closes as confirmed.
 * `still-broken` reopens a resolved case. Any other contact from the customer ends a pause for the customer, and postpones the
 * automatic closing until a person answers. A live contact that names a person is also a handling by this person. An automatic
 * reply has no effect.
 */
export function recordContact(state: CaseState, command: ContactCommand, actor: Actor, at: Instant): CaseOutcome {
  if (state.contacts >= caseLimits.contacts)
    return refuse("limit_reached", `A case has at most ${caseLimits.contacts} contacts.`);
  const { type: _, handlingId, keepsPause = false, needsResolved = false, ...contact } = command;
  if (needsResolved && state.status !== "resolved")
    return refuseTransition(state, "give a verdict on", "It is not resolved now; read it again.");
  const refusal = refuseIdentity(contact.subject);
  if (refusal !== undefined) return { refused: refusal };
  const data = { ...contact, actor };
  const fact = { type: "case.contacted", data } as const;
  const isCustomers = isCustomersContact(fact);
  if (isCustomers && isTooLateForContact(state, at))
    return refuseTransition(
      state,
      "add a contact to",
      "It ended too long ago; send the contact to POST /v1/contacts, which opens a new case.",
    );
  // The case reopens before the contact is recorded, so that clocks and triggers count a contact of an open case.
  const isBroken = isCustomers && data.content === "still-broken" && state.status === "resolved";
  const open = isBroken ? reopen({ state, messages: [] }, actor, at, stillBroken) : { state, messages: [] };
  const appended = appendCaseEvent(open, at, fact);
  const counted = { ...addToSubject(appended.state, data.subject), contacts: state.contacts + 1 };
  const withContact = { ...appended, state: isCustomers ? addAttempt(counted, at) : counted };
  return withHandling(
    keepsPause && isWaiting(state) ? withContact : applyContact(withContact, fact, at),
    fact,
    handlingId,
    at,
  );
}

const stillBroken = { code: "still-broken", reason: "The customer reports that it is still broken." } as const;

type ContactContentEvent = { readonly type: "case.contacted"; readonly data: EventData<"case.contacted"> };

/** Returns true if the case ended so long ago that a contact can no longer join the case. */
export function isTooLateForContact(
  { status, endedAt, lettersMs = defaultLettersMs }: CaseState,
  at: Instant,
): boolean {
  return isEnded(status) && endedAt !== undefined && at - endedAt > lettersMs;
}

/** Returns true if the case waits for the customer. */
function isWaiting({ status, waiting }: CaseState): boolean {
  return status === "pending" && waiting?.on === "customer";
}

/** Applies the effect of the contact on the status. */
function applyContact(decision: CaseDecision, fact: ContactContentEvent, at: Instant): CaseDecision {
  const { state } = decision;
  const { actor, content } = fact.data;
  if (isWaiting(state) && isCustomersContact(fact)) {
    const note = "The customer contacted us; the pause has ended.";
    const change = { actor: intakeActor(state), from: state.status, to: "inProgress", note } as const;
    return withStatus("inProgress", appendCaseEvent(decision, at, { type: "case.status-changed", data: change }), at);
  }
  if (state.status !== "resolved") return decision;
  if (isInquiry(fact) || isAnswer(fact)) return { ...decision, state: { ...state, statusSince: state.sequence } };
  // A vendor cannot confirm its own fix, and a joint case closes only with its root cause.
  const isConfirmed = isCustomersContact(fact) && content === "works" && actor.party === state.carrier;
  return isConfirmed && !lacksRootCause(state) ? closeConfirmed(decision, actor, at) : decision;
}

/**
 * Records the start and the end of a handling if the contact is live. If this person already has a handling, nothing is
 * recorded.
 */
function withHandling(
  decision: CaseDecision,
  { data: contacted }: ContactContentEvent,
  handlingId: string | undefined,
  at: Instant,
): CaseDecision {
  const { actor, channel } = contacted;
  const { party, person } = actor;
  const { handlings } = decision.state;
  if (handlingId === undefined || !isHandling(contacted)) return decision;
  const ownHandlings = handlings.filter((one) => one.party === party);
  if (ownHandlings.some((one) => one.person === person) || ownHandlings.length >= caseLimits.liveHandlings)
    return decision;
  const data = { actor, handlingId, channel };
  const started = appendCaseEvent(decision, at, { type: "handling.started", data });
  const ended = appendCaseEvent(started, at, { type: "handling.ended", data });
  return withAnswer(ended, started.state.sequence);
}

/** Returns the decision after an answer. On a resolved case, the answer restarts the clock of the automatic closing. */
function withAnswer(decision: CaseDecision, sequence: number): CaseDecision {
  const { state } = decision;
  return state.status === "resolved" ? { ...decision, state: { ...state, statusSince: sequence } } : decision;
}
