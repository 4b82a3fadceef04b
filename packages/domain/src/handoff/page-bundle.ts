import type { DurationMs, Instant } from "@crossline/contracts";

/**
 * The limits of pages. If the last message to an address is less than `windowMs` old, further pages for this address wait.
 * Notification sends the pages that waited as one page bundle. If a person has received `messages` messages within `withinMs`,
 * over all addresses, their further pages wait longer and form larger bundles.
 */
export type PagePace = { readonly windowMs: DurationMs; readonly messages: number; readonly withinMs: DurationMs };

export const pagePace: PagePace = { windowMs: 60_000, messages: 4, withinMs: 600_000 };

/**
 * A page message: its people, its address and the instant at which its pages were chosen. Emergency pages do not count as
 * messages.
 */
export type PageMessage = { readonly people: readonly string[]; readonly target: string; readonly at: Instant };

/** A page that waits for its page message. `people` share the address, and `since` is the start of the wait. */
export type WaitingPage = { readonly people: readonly string[]; readonly since: Instant };

/** The address of the next message, the earlier messages of the same party, and the limits. */
export type PageAddress = {
  readonly target: string;
  readonly before: readonly PageMessage[];
  readonly pace: PagePace;
};

/**
 * Returns the earliest instant at which the next message to these people at this address may be sent. Emergency pages ignore this
 * limit.
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
 * The plan for an address. `goes` has the pages that notification sends now as one message. `held` has the other pages, which
 * wait until at least `until`.
 */
export type MessagePlan<Page> = {
  readonly goes: readonly Page[];
  readonly people: readonly string[];
  readonly held: readonly Page[];
  readonly until: Instant;
};

/**
 * Plans the next message to an address. If no page had to wait, the first page in the list is sent at once and alone. If a page
 * had to wait, all pages that may be sent now are sent together.
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
