import { type Message, type ReceivedMessage, changeEvents, problemEvents, timelineKind } from "@crossline/contracts";
import { now, type Tx } from "@crossline/postgres";
import { insertDeliveries, type NewDelivery } from "../store/delivery.ts";
import { type PartySubscription, findPartySubscriptions } from "../store/party-subscriptions.ts";
import { mailAddressOf } from "../delivery/mail-address.ts";
import type { CaseEventDeps } from "./case-events.ts";
import { deliveryOf } from "./delivery-of.ts";
import { toCompanyMail } from "./mail-text.ts";
import { toPayload } from "./payload.ts";

/** The events about no case. Each names the companies that receive it in `companies`. A further topic needs only its events here. */
export const companyEvents = { ...changeEvents, ...problemEvents } as const;

type CompanyEvent = ReceivedMessage<Message<string, { readonly companies: readonly string[] }>>;

export function isCompanyEvent(event: ReceivedMessage): event is CompanyEvent {
  return Object.hasOwn(companyEvents, event.type);
}

/**
 * Makes the deliveries of events about no case for the subscriptions of the companies that they name. A repeated event makes no second
 * delivery. No webhook and no mail contains the list of companies.
 */
export async function applyCompanyEvents(
  tx: Tx,
  events: readonly CompanyEvent[],
  { giveUpMs }: CaseEventDeps,
): Promise<void> {
  if (events.length === 0) return;
  const parties = [...new Set(events.flatMap(({ data }) => data.companies))];
  const [moment, subscriptions] = await Promise.all([now(tx), findPartySubscriptions(tx, parties)]);
  const deliveries = events.flatMap((event) => toDeliveries(event, subscriptions));
  await insertDeliveries(tx, deliveries, moment, giveUpMs);
}

function toDeliveries(event: CompanyEvent, subscriptions: readonly PartySubscription[]): NewDelivery[] {
  const { companies, ...data } = event.data;
  const matching = subscriptions.filter(
    ({ party, timeline, events }) =>
      timeline === event.timeline && companies.includes(party) && (events === null || events.includes(event.type)),
  );
  if (matching.length === 0) return [];
  const payload = toPayload(event, data);
  return matching.map(({ subscriptionId, party, url }) => {
    const isMail = mailAddressOf(url) !== undefined;
    // A mailbox belongs to a person, so notification sends no mail of a stepped timeline.
    const isRecorded = isMail && timelineKind(event.timeline) !== "wall";
    return {
      ...deliveryOf(event, party),
      caseId: null,
      target: subscriptionId,
      subscriptionId,
      url,
      payload: isMail ? JSON.stringify(toCompanyMail({ ...event, data })) : payload,
      state: isRecorded ? ("recorded" as const) : ("waiting" as const),
    };
  });
}
