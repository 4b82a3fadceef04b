import { findParty } from "@crossline/access";
import { type EventOf, type ReceivedMessage, type ReceivedEvent, timelineKind } from "@crossline/contracts";
import { now, type Tx } from "@crossline/postgres";
import { findCases } from "../store/case-party.ts";
import { insertDeliveries, type NewDelivery } from "../store/delivery.ts";
import { appendMailOutcomes } from "../store/mail-outcome.ts";
import { appendResults } from "../store/result.ts";
import type { CustomerMail } from "../delivery/compose-mail.ts";
import { toMailto } from "../delivery/mail-address.ts";
import type { CaseEventDeps } from "./case-events.ts";
import { deliveryOf } from "./delivery-of.ts";
import { oneLine } from "./mail-text.ts";

type ReleasedMessage = ReceivedEvent<"message.released">;

/**
 * Makes one delivery for each released message that goes to the customer by mail. A repeated event makes no second delivery. On a
 * stepped timeline, notification sends nothing and publishes at once that the mail was accepted.
 */
export async function applyReleasedMessages(
  tx: Tx,
  events: readonly ReceivedMessage[],
  { giveUpMs }: CaseEventDeps,
): Promise<void> {
  const released = events.filter(isByMail);
  if (released.length === 0) return;
  const [moment, cases, names] = await Promise.all([
    now(tx),
    findCases(tx, [...new Set(released.map(({ key }) => key))]),
    findNames(tx, released),
  ]);
  const caseNames = new Map(cases.map(({ caseId, carrierCaseId }) => [caseId, carrierCaseId]));
  const deliveries = released.map((event) => toDelivery(event, names, caseNames.get(event.key) ?? event.key));
  const inserted = await insertDeliveries(tx, deliveries, moment, giveUpMs);
  const recorded = inserted.filter(({ state }) => state === "recorded");
  await appendResults(tx, "notification.recorded", recorded, moment);
  await appendMailOutcomes(tx, recorded, moment);
}

function isByMail(event: ReceivedMessage): event is ReleasedMessage {
  if (event.type !== "message.released" || timelineKind(event.timeline) === "import") return false;
  return (event.data as EventOf<"message.released">["data"]).via === "mail";
}

/** Returns the name of each carrier. Only the carrier of a case releases its messages. */
async function findNames(tx: Tx, released: readonly ReleasedMessage[]): Promise<ReadonlyMap<string, string>> {
  const carriers = [...new Set(released.map(({ data }) => data.actor.party))];
  const parties = await Promise.all(carriers.map((carrier) => findParty(tx, carrier)));
  return new Map(parties.flatMap((party) => (party === undefined ? [] : [[party.party, party.name]])));
}

function toDelivery(event: ReleasedMessage, names: ReadonlyMap<string, string>, caseName: string): NewDelivery {
  const { data } = event;
  const carrier = data.actor.party;
  const url = toMailto(data.subject?.email ?? "");
  return {
    ...deliveryOf(event, carrier),
    outboundMessageId: data.messageId,
    target: `message/${carrier}`,
    subscriptionId: null,
    url,
    payload: JSON.stringify(toCustomerMail(event, names.get(carrier) ?? carrier, caseName)),
    state: timelineKind(event.timeline) === "wall" ? "waiting" : "recorded",
  };
}

function toCustomerMail({ data, traceparent }: ReleasedMessage, fromName: string, caseName: string): CustomerMail {
  const { mail, text, content, messageId } = data;
  return {
    ...(traceparent !== undefined && { traceparent }),
    kind: "message",
    fromName: oneLine(fromName),
    subject: oneLine(mail?.subject ?? `Case ${caseName}`),
    text,
    messageId: mail?.messageId ?? messageId,
    replyTo: mail?.replyTo,
    bouncesTo: mail?.bouncesTo,
    inReplyTo: mail?.inReplyTo,
    references: mail?.references,
    isAutomatic: content === "auto-reply",
  };
}
