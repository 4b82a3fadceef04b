import { createHash } from "node:crypto";
import {
  type EventOf,
  formatInstant,
  newId,
  type ReceivedMessage,
  type ReceivedEvent,
  wall,
} from "@crossline/contracts";
import { now, type Tx } from "@crossline/postgres";
import { insertDeliveries, type NewDelivery } from "../store/delivery.ts";
import { insertRingTests, type RingTestRow } from "../store/ring-test.ts";
import { toMailto } from "../delivery/mail-address.ts";
import type { Mail } from "../delivery/compose-mail.ts";
import type { CaseEventDeps } from "./case-events.ts";
import { oneLine } from "./mail-text.ts";
import { toPayload } from "./payload.ts";

type RingTestEvent = ReceivedEvent<"roster.ring-tested">;
type RingTestPerson = EventOf<"roster.ring-tested">["data"]["subject"]["people"][number];

export function isRingTest(event: ReceivedMessage): event is RingTestEvent {
  return event.type === "roster.ring-tested";
}

/**
 * Makes a delivery for each address of a ring test. A test page is never overtaken or bundled, and does not count for a person's
 * limit of messages. Notification retries test pages like pages.
 */
export async function applyRingTests(
  tx: Tx,
  tests: readonly RingTestEvent[],
  { giveUpMs }: CaseEventDeps,
): Promise<void> {
  if (tests.length === 0) return;
  await insertRingTests(tx, tests.map(toRow));
  await insertDeliveries(tx, tests.flatMap(toDeliveries), await now(tx), giveUpMs);
}

function addressesOf({ mail, url }: RingTestPerson): string[] {
  return [...(mail === undefined ? [] : [toMailto(mail)]), ...(url === undefined ? [] : [url])];
}

function toRow({ key, time, data: { party, roster, subject } }: RingTestEvent): RingTestRow {
  const people = subject.people.map((person) => ({ person: person.person, addresses: addressesOf(person) }));
  return { ringTestId: key, party, roster, people, testedAt: time };
}

/** Makes the deliveries of a ring test. People who share an address get one test page there. */
function toDeliveries(event: RingTestEvent): NewDelivery[] {
  const { party, roster, subject } = event.data;
  const text =
    `TEST. This is a ring test of the roster ${roster} of ${formatInstant(event.time)}. No case needs you. ` +
    "This test page proves that a page reaches you at this address.";
  const mail: Mail = {
    subject: oneLine(`[Crossline] TEST: ring test of ${roster}`),
    text: `${text}\n`,
    messageId: createHash("sha256").update(`ring-test/${event.id}`).digest("hex").slice(0, 40),
  };
  const payload = toPayload(event, { test: true, ringTestId: event.key, roster, text });
  return [...new Set(subject.people.flatMap(addressesOf))].map((url) => ({
    deliveryId: newId("dlv"),
    eventId: event.id,
    target: url,
    subscriptionId: null,
    party,
    caseId: null,
    outboundMessageId: null,
    ringTestId: event.key,
    timeline: wall,
    eventType: event.type,
    eventAt: event.time,
    causeTopic: event.topic,
    causeSequence: event.sequence,
    url,
    payload: url.startsWith(toMailto("")) ? JSON.stringify(mail) : payload,
    state: "waiting" as const,
  }));
}
