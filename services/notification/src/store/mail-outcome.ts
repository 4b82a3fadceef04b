import { type EventOf, type Instant, formatInstant, timelineKind, topics } from "@crossline/contracts";
import { appendToOutbox } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import type { DeliveryHead } from "./delivery.ts";
import { nextSequences } from "./event-sequence.ts";

/** A delivery that has ended, with the status and the error of its last attempt. */
export type MailedDelivery = DeliveryHead & {
  readonly state: string;
  readonly status?: number | null;
  readonly error?: string | undefined;
};

/**
 * Publishes the outcomes of outbound messages, in the transaction that ends their deliveries. Other deliveries are skipped. A
 * delivery of an outbound message ends once and is never sent again, so each message has one outcome.
 */
export async function appendMailOutcomes(tx: Tx, ended: readonly MailedDelivery[], now: Instant): Promise<void> {
  const mailed = ended.filter(isOutboundMessage);
  if (mailed.length === 0) return;
  const sequences = await nextSequences(
    tx,
    topics.mail,
    mailed.map(({ caseId }) => caseId),
  );
  const messages = mailed.map((delivery, index): EventOf<"mail.accepted" | "mail.refused"> => {
    const { caseId: key, timeline, eventAt, causeTopic, causeSequence } = delivery;
    // On a stepped timeline the outcome has the time of the event that released the message.
    const time = timelineKind(timeline) === "wall" ? Math.max(now, eventAt) : eventAt;
    const after = [{ topic: causeTopic, key, sequence: causeSequence }];
    const envelope = { topic: topics.mail, key, sequence: sequences[index] ?? 0, time, timeline, after };
    return { ...envelope, ...contentOf(delivery, time) };
  });
  await appendToOutbox(tx, messages);
}

type OutboundMessage = MailedDelivery & { readonly caseId: string; readonly outboundMessageId: string };

function isOutboundMessage(delivery: MailedDelivery): delivery is OutboundMessage {
  return delivery.outboundMessageId !== null && delivery.caseId !== null;
}

function contentOf({ state, outboundMessageId: messageId, status, error }: OutboundMessage, time: Instant) {
  return state === "abandoned"
    ? ({ type: "mail.refused", data: { messageId, reason: reasonOf(status, error) } } as const)
    : ({ type: "mail.accepted", data: { messageId, acceptedAt: formatInstant(time) } } as const);
}

/** Returns why a mail did not leave, in words for the carrier. The text of the mail server is omitted, because it can be anything. */
function reasonOf(status: number | null | undefined, error: string | undefined): string {
  if (typeof status === "number") return `The mail server refused the mail with status ${status}.`;
  if (error === "mail-off") return "This installation sends no mail.";
  if (error === "invalid-address") return "The mail address cannot be used.";
  return "The mail server did not accept the mail before the last retry.";
}
