import { type EventOf, type ReceivedMessage, partyOf, timelineKind } from "@crossline/contracts";
import { forReader, mayReceive, pageForOthers } from "@crossline/domain";
import type { CaseRecord, CaseSubscription } from "../store/case-party.ts";
import type { NewDelivery } from "../store/delivery.ts";
import { mailAddressOf } from "../delivery/mail-address.ts";
import { deliveryOf } from "./delivery-of.ts";
import { toEventMail } from "./mail-text.ts";
import { toPages } from "./pages.ts";
import { toLastResortPayload, toPayload } from "./payload.ts";

/**
 * Makes the deliveries of events. A subscription receives an event if the timeline and the type match and the subscription's
 * party may read the event. A subscription by mail receives no events of a canary's case.
 */
export function matchDeliveries(
  events: readonly ReceivedMessage[],
  subscriptions: readonly CaseSubscription[],
  cases: readonly CaseRecord[],
): NewDelivery[] {
  const byCase = Map.groupBy(subscriptions, ({ caseId }) => caseId);
  const records = new Map(cases.map((record) => [record.caseId, record]));
  return events.flatMap((event) => [
    ...toSubscriptions(event, byCase.get(event.key) ?? []),
    ...toLastResort(event, records.get(event.key)),
    ...toPages(event, records.get(event.key)),
  ]);
}

function toSubscriptions(event: ReceivedMessage, subscriptions: readonly CaseSubscription[]): NewDelivery[] {
  const matching = subscriptions.filter(
    (subscription) =>
      subscription.timeline === event.timeline &&
      (subscription.events === null || subscription.events.includes(event.type)) &&
      mayReceive(subscription, event) &&
      !(subscription.ofCanary && mailAddressOf(subscription.url) !== undefined),
  );
  if (matching.length === 0) return [];
  const payloadFor = payloadsOf(event);
  return matching.map((subscription) => {
    const { subscriptionId, party, url } = subscription;
    const readable = forReader(event, subscription);
    const isMail = mailAddressOf(url) !== undefined;
    // A mailbox belongs to a person, so notification sends no mail of a stepped timeline.
    const state = isMail && timelineKind(event.timeline) !== "wall" ? ("recorded" as const) : ("waiting" as const);
    const payload = isMail ? JSON.stringify(toEventMail(readable, subscription)) : payloadFor(party, readable);
    return {
      ...deliveryOf(event, party),
      eventId: readable.id,
      target: subscriptionId,
      subscriptionId,
      url,
      payload,
      state,
    };
  });
}

/**
 * Returns a function that makes the payload for a company. Companies that read the event unchanged share one payload. Only the
 * roster's company receives the people of a page.
 */
function payloadsOf(event: ReceivedMessage): (party: string, readable: ReceivedMessage) => string {
  let all: string | undefined;
  if (event.type !== "roster.paged")
    return (_, readable) => (readable === event ? (all ??= toPayload(event)) : toPayload(readable));
  return (party, readable) => {
    const page = readable.data as EventOf<"roster.paged">["data"];
    return toPayload(readable, party === partyOf(page.roster) ? page : pageForOthers(page));
  };
}

/**
 * Makes a delivery for each address of a call of the last resort. Notification sends only the deliveries of the wall timeline,
 * and records the others.
 */
function toLastResort(event: ReceivedMessage, record: CaseRecord | undefined): NewDelivery[] {
  if (event.type !== "last-resort.called" || record === undefined) return [];
  const data = event.data as EventOf<"last-resort.called">["data"];
  const payload = toLastResortPayload(event, data, record);
  const state = timelineKind(event.timeline) === "wall" ? ("waiting" as const) : ("recorded" as const);
  return [...new Set(data.addresses)].map((url) => ({
    ...deliveryOf(event, record.carrier),
    target: url,
    subscriptionId: null,
    url,
    payload,
    page: { reason: "last-resort" },
    state,
  }));
}
