import { type PresentedMessage, formatInstant } from "@crossline/contracts";
import type { MessageChangeRow } from "../store/messages.ts";

/** A message as the API presents it, and the place at which it was written. */
export type ListedMessage = { readonly place: number; readonly message: PresentedMessage };

/** Returns the messages of a case from their changes, which are in order. */
export function presentMessages(changes: readonly MessageChangeRow[]): ListedMessage[] {
  const messages = new Map<string, ListedMessage>();
  for (const change of changes) {
    const listed = change.type === "message.written" ? presentWritten(change) : messages.get(change.messageId);
    if (listed === undefined) continue;
    const stateAt = formatInstant(change.at);
    messages.set(change.messageId, { ...listed, message: { ...listed.message, ...stateAfter(change), stateAt } });
  }
  return [...messages.values()];
}

function presentWritten({ place, messageId, at, data }: Extract<MessageChangeRow, { type: "message.written" }>) {
  const { actor: author, channel, via, content, text, marks } = data;
  const instant = formatInstant(at);
  const state = "held" as const;
  return {
    place,
    message: { id: messageId, at: instant, author, channel, via, content, text, marks, state, stateAt: instant },
  };
}

/** Returns the fields of a message that a change sets. */
function stateAfter(change: MessageChangeRow): Partial<PresentedMessage> {
  switch (change.type) {
    case "message.written":
      return { state: "held" };
    case "message.reworded":
      return { state: "held", text: change.data.text, marks: change.data.marks };
    case "message.released": {
      const { actor, reason, content } = change.data;
      return { state: "released", content, releasedBy: actor, ...(reason !== undefined && { reason }) };
    }
    case "message.withdrawn":
      return { state: "withdrawn", reason: change.data.reason };
    case "message.failed":
      return { state: "failed", reason: change.data.reason };
    case "case.contacted":
      return { state: "sent" };
  }
}
