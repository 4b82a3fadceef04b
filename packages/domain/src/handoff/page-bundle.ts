import type { DurationMs, Instant } from "@crossline/contracts";

/**
 * How often people are paged. What comes for one address within `windowMs` of the last message there goes as one at its end; above
 * `messages` in `withinMs` to one person, over all addresses, bundles are larger.
 */
export type PagePace = { readonly windowMs: DurationMs; readonly messages: number; readonly withinMs: DurationMs };

export const pagePace: PagePace = { windowMs: 60_000, messages: 4, withinMs: 600_000 };

/** A message that has paged people: where, and when it was fixed. Emergency pages are none. */
export type PageMessage = { readonly people: readonly string[]; readonly target: string; readonly at: Instant };

/** A page that waits for a message: its people, who share the address, and since when. */
export type WaitingPage = { readonly people: readonly string[]; readonly since: Instant };

/** The address that a message would go to, the messages of its party before, and how often people are paged. */
export type PageAddress = {
  readonly target: string;
  readonly before: readonly PageMessage[];
  readonly pace: PagePace;
};

/** From when on the next message may go to people at an address, by the messages before; emergency pages never ask. */
export function nextMessageAt(people: readonly string[], { target, before, pace }: PageAddress, now: Instant): Instant {
  const there = before.filter((message) => message.target === target).map(({ at }) => at + pace.windowMs);
  const perPerson = people.map((person) => {
    const latest = before.filter((message) => message.people.includes(person)).map(({ at }) => at);
    const last = latest.toSorted((one, other) => other - one)[pace.messages - 1];
    return last === undefined ? now : last + pace.withinMs;
  });
  return Math.max(now, ...there, ...perPerson);
}

/** What goes to an address now, as one message to these people; what is held, and until when at least. No page is in neither. */
export type MessagePlan<Page> = {
  readonly goes: readonly Page[];
  readonly people: readonly string[];
  readonly held: readonly Page[];
  readonly until: Instant;
};

/**
 * Plans the next message to an address. The first page there goes at once and by itself; what had to wait for its message goes
 * with everything that may go by then. Of several first ones the first of the list is taken.
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
