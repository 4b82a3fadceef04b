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

/** A page as others than the roster's own party may know it: that there was one, and not of whom. */
export function pageForOthers(page: Page): Page {
  const { subject: _, ...rest } = page;
  return { ...rest, people: [] };
}

/**
 * One delivery for every address of everybody who is paged: by mail, by webhook, or both. On the wall; elsewhere they are
 * written down, and never dialled.
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

/** People who share an address get one delivery there, which is a page for each of them. */
function mergePeople([first, ...others]: readonly NewDelivery[]): NewDelivery[] {
  if (first?.page === undefined || others.length === 0) return first === undefined ? [] : [first];
  const people = new Set(others.map(({ page }) => page?.person).filter((person) => person !== undefined));
  people.delete(first.page.person ?? "");
  return [{ ...first, page: { ...first.page, ...(people.size > 0 && { alsoFor: [...people] }) } }];
}

/** What of a page is judged again before it is sent. */
function reasonOf({ reason, clock, kind, firingId }: Page): NonNullable<NewDelivery["page"]> {
  return {
    reason,
    ...(clock !== undefined && { clock }),
    ...(kind !== undefined && { kind }),
    ...(firingId !== undefined && { firingId }),
  };
}

const reasonTexts: Readonly<Record<Page["reason"], string>> = {
  step: "its line asks the people of this roster next",
  "last-resort": "nobody has taken it, and every step of its line is used up",
  "need-by": "it has not been delivered, and after this its customer's own deadline can hardly be kept",
  promise: "what was promised has not come in its window",
  joint: "both companies were to meet over it, and have not",
  emergency: "its customer's own deadline is about to be missed",
  reply: "its customer got in touch and is owed an answer, which no person has given",
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
  inquiry: "asked for something",
  "still-broken": "said that it is still broken",
  works: "said that it works",
  answer: "answered",
  "auto-reply": "sent an automatic reply",
  article: "sent a link to an article",
};

function toText(page: Page, record: CaseRecord, take: string): string {
  const { roster, reason, call, acceptWithin, contact } = page;
  const within =
    acceptWithin === undefined ? "" : ` Within ${parseDuration(acceptWithin) / 60_000} min the next step follows.`;
  return (
    `You are on duty on ${roster}. Case ${oneLine(record.carrierCaseId)} of ${record.carrier} (${record.caseId}) needs a person: ` +
    `${reasonTexts[reason]}.${call === undefined ? "" : ` This is call ${call}.`}${within} ` +
    (reason === "reply"
      ? toAnswerText(record, contact)
      : `Take it by POST ${take} with your company's key, if it can be taken still.`)
  );
}

/** An answer is owed, whatever became of the case: there is nothing to take. */
function toAnswerText({ caseId }: CaseRecord, contact: Page["contact"]): string {
  const last = contact && `Last the customer ${contentTexts[contact.content]}, ${channelTexts[contact.channel]}. `;
  const answered = `POST /v1/cases/${caseId}/contacts with direction "outbound" and content "answer"`;
  return `${last ?? ""}Answer the customer, and record the answer by ${answered}: until then the next pages follow.`;
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
