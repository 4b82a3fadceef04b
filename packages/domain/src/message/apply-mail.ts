import type { Instant, MailEvent } from "@crossline/contracts";
import { type CaseDecision, type CaseState, intakeActor } from "../case/case.ts";
import { isRefused } from "../decision.ts";
import { recordFailed, recordSent } from "./command.ts";
import { headOf, putMessage } from "./message.ts";

/**
 * Applies the outcome of a mail to its message. An outcome for a message that is not released changes nothing, for example
 * because a bounce came first.
 */
export function applyMail(state: CaseState, event: MailEvent, at: Instant): CaseDecision {
  const message = state.messages?.find(({ id }) => id === event.data.messageId);
  if (message?.state !== "released") return { state, messages: [] };
  if (event.type === "mail.refused")
    return recordFailed(state, message, { actor: intakeActor(state), reason: event.data.reason }, at);
  const outcome = recordSent(state, message, at);
  if (!isRefused(outcome)) return outcome;
  return { state: putMessage(state, { ...headOf(message), state: "sent", sentAt: at }), messages: [] };
}
