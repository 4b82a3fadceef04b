import {
  type Actor,
  type Channel,
  type EventData,
  type Instant,
  type MessageContent,
  type MessageVia,
  type OutboundMail,
  derivedId,
  formatInstant,
  parseInstant,
} from "@crossline/contracts";
import { appendCaseEvent } from "../case/append-event.ts";
import type { CaseDecision, CaseOutcome, CaseState } from "../case/case.ts";
import { recordContact } from "../case/contact.ts";
import { isRefused, refuse } from "../decision.ts";
import { guardText } from "./guard.ts";
import { type CaseMessage, type HeldMessage, headOf, isOpenMessage, messageLimits, putMessage } from "./message.ts";
import { isOnlyLink } from "./only-link.ts";

/**
 * The commands on outbound messages. The caller creates the id of a new message. For a message by mail, the caller also supplies
 * the headers, and the address if the case has none.
 */
export type MessageCommand =
  | {
      readonly type: "write-message";
      readonly messageId: string;
      readonly channel: Channel;
      readonly via: MessageVia;
      readonly text: string;
      /** The reason to send the message even if the guard marks a place. */
      readonly reason?: string | undefined;
      /** True for the acknowledgement of an inquiry, which a program sends. */
      readonly acknowledges?: true;
      readonly email?: string | undefined;
      readonly mail?: OutboundMail | undefined;
    }
  | { readonly type: "reword-message"; readonly messageId: string; readonly text: string }
  | { readonly type: "release-message"; readonly messageId: string; readonly reason?: string | undefined }
  | { readonly type: "withdraw-message"; readonly messageId: string; readonly reason: string }
  | { readonly type: "report-sent"; readonly messageId: string; readonly sentAt?: string | undefined }
  | { readonly type: "report-failed"; readonly messageId: string; readonly reason: string };

type Of<Type extends MessageCommand["type"]> = Extract<MessageCommand, { type: Type }>;

/** Decides a command on the outbound messages of a case. */
export function commandMessage(state: CaseState, command: MessageCommand, actor: Actor, at: Instant): CaseOutcome {
  if (command.type === "write-message") return writeMessage(state, command, actor, at);
  const message = state.messages?.find(({ id }) => id === command.messageId);
  if (message === undefined) return refuse("not_found", "This case has no such message.");
  switch (command.type) {
    case "reword-message":
      return message.state === "held" ? rewordMessage(state, message, { ...command, actor }, at) : refuseState(message);
    case "release-message":
      return message.state === "held" ? releaseHeld(state, message, { ...command, actor }, at) : refuseState(message);
    case "withdraw-message": {
      if (!isOpenMessage(message)) return refuseState(message);
      if (message.state === "released" && message.via === "mail")
        return refuse("illegal_transition", "Notification is sending this message, so it cannot be withdrawn.");
      const data = { actor, messageId: message.id, reason: command.reason };
      const appended = appendCaseEvent({ state, messages: [] }, at, { type: "message.withdrawn", data });
      return { ...appended, state: putMessage(appended.state, { ...headOf(message), state: "withdrawn" }) };
    }
    case "report-sent":
      if (message.via === "mail") return refuse("illegal_transition", "Notification reports when this mail is sent.");
      return message.state === "released" ? recordReportedSent(state, message, command, at) : refuseState(message);
    case "report-failed":
      if (message.state !== "released" && message.state !== "sent") return refuseState(message);
      return recordFailed(state, message, { actor, reason: command.reason }, at);
  }
}

function refuseState({ state }: CaseMessage): CaseOutcome {
  return refuse("illegal_transition", `This message is in the state ${state}, which does not allow the command.`);
}

function writeMessage(state: CaseState, command: Of<"write-message">, actor: Actor, at: Instant): CaseOutcome {
  const { messageId, channel, via, text, reason, acknowledges, mail } = command;
  if ((state.messages ?? []).filter(isOpenMessage).length >= messageLimits.open)
    return refuse("limit_reached", `A case has at most ${messageLimits.open} messages that are not sent yet.`);
  const email = via === "mail" ? (command.email ?? state.subject?.email) : undefined;
  if (via === "mail" && email === undefined) {
    const fields = [{ at: "/to", message: "must be a mail address, because the case has none" }];
    return refuse("invalid_request", "A message by mail needs the customer's mail address.", { fields });
  }
  const marks = acknowledges === true ? [] : guardText(text);
  const content: MessageContent = acknowledges === true ? "auto-reply" : isOnlyLink(text) ? "article" : "answer";
  const head = { id: messageId, author: actor, channel, via, content } as const;
  const subject = email === undefined ? {} : { subject: { email } };
  const data = { actor, messageId, channel, via, content, text, marks: [...marks], ...subject };
  const written = appendCaseEvent({ state, messages: [] }, at, { type: "message.written", data });
  const held: HeldMessage = {
    ...head,
    state: "held",
    text,
    marks,
    ...(mail !== undefined && { mail }),
    ...(email !== undefined && { email }),
  };
  const decision = { ...written, state: putMessage(written.state, held) };
  return marks.length === 0 || reason !== undefined
    ? release(decision, held, { actor, ...(marks.length > 0 && reason !== undefined && { reason }) }, at)
    : decision;
}

function rewordMessage(
  state: CaseState,
  message: HeldMessage,
  { actor, text }: { readonly actor: Actor; readonly text: string },
  at: Instant,
): CaseOutcome {
  const marks = guardText(text);
  const data = { actor, messageId: message.id, text, marks: [...marks] };
  const appended = appendCaseEvent({ state, messages: [] }, at, { type: "message.reworded", data });
  const content: MessageContent = isOnlyLink(text) ? "article" : "answer";
  const reworded: HeldMessage = { ...message, content, text, marks };
  const decision = { ...appended, state: putMessage(appended.state, reworded) };
  return marks.length === 0 ? release(decision, reworded, { actor }, at) : decision;
}

/** Releases a held message. A person other than the author needs no reason. */
function releaseHeld(
  state: CaseState,
  message: HeldMessage,
  { actor, reason }: { readonly actor: Actor; readonly reason?: string | undefined },
  at: Instant,
): CaseOutcome {
  if (actor.automated) return refuse("forbidden", "A program cannot release a held message.");
  const { author } = message;
  const isSecondPerson = actor.person !== undefined && author.person !== undefined && actor.person !== author.person;
  if (!isSecondPerson && reason === undefined) {
    const detail =
      "A second person releases this message, or the author gives a reason. A second person needs another `person` than the author.";
    return refuse("reason_needed", detail, { facts: { marks: message.marks } });
  }
  return release({ state, messages: [] }, message, { actor, ...(reason !== undefined && { reason }) }, at);
}

function release(
  decision: CaseDecision,
  message: HeldMessage,
  by: Pick<EventData<"message.released">, "actor" | "reason">,
  at: Instant,
): CaseDecision {
  const { id: messageId, channel, via, content, text, mail, email } = message;
  const data = {
    ...by,
    messageId,
    channel,
    via,
    content,
    text,
    ...(mail !== undefined && { mail }),
    ...(email !== undefined && { subject: { email } }),
  };
  const appended = appendCaseEvent(decision, at, { type: "message.released", data });
  return { ...appended, state: putMessage(appended.state, { ...headOf(message), state: "released" }) };
}

/** Records a report of the CRM. Crossline counts the report and not `sentAt`, because the customer's wait must not be shortened. */
function recordReportedSent(
  state: CaseState,
  message: CaseMessage,
  { sentAt }: Of<"report-sent">,
  at: Instant,
): CaseOutcome {
  if (sentAt === undefined || parseInstant(sentAt) <= at) return recordSent(state, message, at);
  const fields = [{ at: "/sentAt", message: `must not be after ${formatInstant(at)}` }];
  return refuse("invalid_request", "The message was not sent yet.", { fields });
}

/**
 * Records that a message was sent, as one outbound contact of the author. A person's answer meets the obligations of the case at
 * this moment. A refused contact, for example beyond the limit of contacts, is refused here too.
 */
export function recordSent(state: CaseState, message: CaseMessage, at: Instant): CaseOutcome {
  const { id: messageId, channel, content, author } = message;
  const contact = {
    type: "contact",
    contactId: derivedId("ct", state.id, messageId),
    channel,
    direction: "outbound",
    content,
    messageId,
  } as const;
  const outcome = recordContact(state, contact, author, at);
  if (isRefused(outcome)) return outcome;
  const { sequence = 0 } = outcome.messages.find(({ type }) => type === "case.contacted") ?? {};
  const sent = { ...headOf(message), state: "sent", sentAt: at, contact: sequence } as const;
  return { ...outcome, state: putMessage(outcome.state, sent) };
}

/** Records that a message did not reach the customer. If it was sent before, the obligations that it met are owed again. */
export function recordFailed(
  state: CaseState,
  message: CaseMessage,
  { actor, reason }: { readonly actor: Actor; readonly reason: string },
  at: Instant,
): CaseDecision {
  const data = { actor, messageId: message.id, reason, wasSent: message.state === "sent" };
  const appended = appendCaseEvent({ state, messages: [] }, at, { type: "message.failed", data });
  const failed = putMessage(appended.state, { ...headOf(message), state: "failed", reason });
  // The time until the automatic closing counted from this message. A breach that is on its way must not close the case.
  const wasLast = message.state === "sent" && state.status === "resolved" && message.contact === state.statusSince;
  return { ...appended, state: wasLast ? { ...failed, statusSince: failed.sequence } : failed };
}
