import {
  type Channel,
  type ContactContent,
  type EventData,
  parseDuration,
  partyOf,
  type ReceivedMessage,
  timelineKind,
} from "@crossline/contracts";
import type { CaseRecord } from "../store/case-party.ts";
import type { NewDelivery } from "../store/delivery.ts";
import { toMailto } from "../delivery/mail-address.ts";
import { deliveryOf } from "./delivery-of.ts";
import { oneLine, toPageMail } from "./mail-text.ts";
import { toPayload } from "./payload.ts";

type Page = EventData<"roster.paged">;

/**
 * Makes a delivery for each mail address and webhook of each paged person. Notification sends only the deliveries of the wall
 * timeline, and records the others.
 */
export function toPages(event: ReceivedMessage, record: CaseRecord | undefined): NewDelivery[] {
  if (event.type !== "roster.paged" || record === undefined) return [];
  const page = event.data as Page;
  const party = partyOf(page.roster);
  const state = timelineKind(event.timeline) === "wall" ? ("waiting" as const) : ("recorded" as const);
  const take = `/v1/cases/${record.caseId}/take`;
  const text = toText(page, record, take);
  const mail = JSON.stringify(toPageMail(event, record, text));
  const to = (person: string, url: string, payload: string): NewDelivery => ({
    ...deliveryOf(event, party),
    target: url,
    subscriptionId: null,
    url,
    payload,
    page: { ...reasonOf(page), person },
    state,
  });
  const deliveries = (page.subject?.people ?? []).flatMap((person) => [
    ...(person.mail === undefined ? [] : [to(person.person, toMailto(person.mail), mail)]),
    ...(person.url === undefined
      ? []
      : [to(person.person, person.url, toPagePayload(event, page, record, { take, text }))]),
  ]);
  return [...Map.groupBy(deliveries, ({ target }) => target).values()].flatMap(mergePeople);
}

/** Merges the deliveries to people who share an address into one delivery, which pages all of these people. */
function mergePeople([first, ...duplicates]: readonly NewDelivery[]): NewDelivery[] {
  if (first?.page === undefined || duplicates.length === 0) return first === undefined ? [] : [first];
  const people = new Set(duplicates.map(({ page }) => page?.person).filter((person) => person !== undefined));
  people.delete(first.page.person ?? "");
  return [{ ...first, page: { ...first.page, ...(people.size > 0 && { alsoFor: [...people] }) } }];
}

/** Returns the reason of a page. Notification checks the reason again before it sends the page. */
function reasonOf({ reason, clock, kind, firingId }: Page): NonNullable<NewDelivery["page"]> {
  return {
    reason,
    ...(clock !== undefined && { clock }),
    ...(kind !== undefined && { kind }),
    ...(firingId !== undefined && { firingId }),
  };
}

const reasonTexts: Readonly<Record<Page["reason"], string>> = {
  step: "the next step of its line is this roster",
  "last-resort": "no person has taken it, and its line has no step left",
  "need-by": "it is not solved, and a later crossing can hardly meet the need-by of the customer",
  promise: "a promise to the customer was not kept in its window",
  joint: "its companies have not held the joint session that is due",
  emergency: "it is about to miss the need-by of its customer",
  reply: "its customer made contact, and no person has answered",
};

const channelTexts: Readonly<Record<Channel, string>> = {
  phone: "by phone",
  chat: "by chat",
  mail: "by mail",
  web: "on the web",
  store: "in a store",
  sms: "by text message",
  social: "on social media",
  other: "by other means",
};

const contentTexts: Readonly<Record<ContactContent, string>> = {
  inquiry: "asked a question",
  "still-broken": "said that it is still broken",
  works: "said that it works",
  answer: "answered",
  "auto-reply": "sent an automatic reply",
  article: "sent a link to an article",
};

function toText(page: Page, record: CaseRecord, take: string): string {
  const { roster, reason, call, acceptWithin, contact } = page;
  const within =
    acceptWithin === undefined ? "" : ` The next step follows after ${parseDuration(acceptWithin) / 60_000} min.`;
  return (
    `You are on duty on ${roster}. Case ${oneLine(record.carrierCaseId)} of ${record.carrier} (${record.caseId}) needs a person: ` +
    `${reasonTexts[reason]}.${call === undefined ? "" : ` This is call ${call}.`}${within} ` +
    (reason === "reply"
      ? toAnswerText(record, contact)
      : `Take it by POST ${take} with your company's API key, if it can still be taken.`)
  );
}

/**
 * Returns the text for the reason `reply`. The text asks for an answer instead of a take, since the customer needs an answer even
 * if the case has ended.
 */
function toAnswerText({ caseId }: CaseRecord, contact: Page["contact"]): string {
  const last = contact && `The customer last ${contentTexts[contact.content]}, ${channelTexts[contact.channel]}. `;
  const answered = `POST /v1/cases/${caseId}/contacts with direction "outbound" and content "answer"`;
  return `${last ?? ""}Answer the customer, and record the answer by ${answered}. Until then more pages follow.`;
}

function toPagePayload(
  event: ReceivedMessage,
  { pageId, roster, reason, call, acceptWithin, contact }: Page,
  { caseId, carrier, carrierCaseId }: CaseRecord,
  { take, text }: { readonly take: string; readonly text: string },
): string {
  const how = { method: "POST", path: take, body: { engineer: { name: "…", contact: "…" } } };
  const page = { pageId, roster, reason, call, acceptWithin, contact };
  return toPayload(event, { ...page, caseId, carrier, carrierCaseId, ...(reason !== "reply" && { take: how }), text });
}
