import type { DurationMs, Instant } from "@crossline/contracts";

/**
 * The limits of pages. Pages for one address within `windowMs` of the last message there wait and go as one bundle. Above
 * `messages` messages in `withinMs` to one person, over all addresses, bundles become larger.
 */
export type PagePace = { readonly windowMs: DurationMs; readonly messages: number; readonly withinMs: DurationMs };

export const pagePace: PagePace = { windowMs: 60_000, messages: 4, withinMs: 600_000 };

/**
 * A message that paged people: its address and the instant at which its members were fixed. Emergency pages are not included.
 */
export type PageMessage = { readonly people: readonly string[]; readonly target: string; readonly at: Instant };

/** A page that waits for a message: its people, who share the address, and the start of its wait. */
export type WaitingPage = { readonly people: readonly string[]; readonly since: Instant };

/** The address of a message, the earlier messages of its party, and the limits. */
export type PageAddress = {
  readonly target: string;
  readonly before: readonly PageMessage[];
  readonly pace: PagePace;
};

/**
 * Returns the earliest instant of the next message to people at an address, by the earlier messages. Emergency pages ignore
 * this limit.
 */
export function nextMessageAt(people: readonly string[], { target, before, pace }: PageAddress, now: Instant): Instant {
  const there = before.filter((message) => message.target === target).map(({ at }) => at + pace.windowMs);
  const perPerson = people.map((person) => {
    const latest = before.filter((message) => message.people.includes(person)).map(({ at }) => at);
    const last = latest.toSorted((one, other) => other - one)[pace.messages - 1];
    return last === undefined ? now : last + pace.withinMs;
  });
  return Math.max(now, ...there, ...perPerson);
}

/**
 * The plan for an address: the pages that go now as one message, its people, and the pages that wait until at least `until`.
 * Each page is in one of the two lists.
 */
export type MessagePlan<Page> = {
  readonly goes: readonly Page[];
  readonly people: readonly string[];
  readonly held: readonly Page[];
  readonly until: Instant;
};

/**
 * Plans the next message to an address. The first page goes at once and alone. If a page had to wait, it goes together with all
 * other pages that may go now. Of several first pages, the first one in the list goes.
 */
export function planMessage<Page extends WaitingPage>(
  waiting: readonly Page[],
  address: PageAddress,
  now: Instant,
): MessagePlan<Page> {
  const mayGo = waiting.filter(({ people }) => nextMessageAt(people, address, now) <= now);
  const hadToWait = mayGo.some(({ people, since }) => nextMessageAt(people, address, since) > since);
  const goes = hadToWait ? mayGo : mayGo.slice(0, 1);
  const held = waiting.filter((page) => !goes.includes(page));
  const people = [...new Set(goes.flatMap((page) => page.people))];
  const message = { target: address.target, people, at: now };
  const after = { ...address, before: goes.length === 0 ? address.before : [...address.before, message] };
  return { goes, people, held, until: Math.min(...held.map((page) => nextMessageAt(page.people, after, now))) };
}
