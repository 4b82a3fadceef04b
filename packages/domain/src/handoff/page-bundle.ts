import type { DurationMs, Instant } from "@crossline/contracts";

/**
 * How often people are paged. What comes for one address within `windowMs` of the last message there goes as one at its end; above
 * `messages` in `withinMs` to one person, over all addresses, bundles are larger.
 */
export type PagePace = { readonly windowMs: DurationMs; readonly messages: number; readonly withinMs: DurationMs };

export const pagePace: PagePace = { windowMs: 60_000, messages: 4, withinMs: 600_000 };

/** A message that has paged a person: where, and when it was fixed. Emergency pages are none. */
export type PageMessage = { readonly person: string; readonly target: string; readonly at: Instant };

/** From when on the next message may go to a person's address, by the messages before; emergency pages never ask. */
export function nextMessageAt(
  { person, target }: Omit<PageMessage, "at">,
  before: readonly PageMessage[],
  now: Instant,
  pace: PagePace,
): Instant {
  const there = before.filter((message) => message.target === target).map(({ at }) => at + pace.windowMs);
  const latest = before
    .filter((message) => message.person === person)
    .map(({ at }) => at)
    .toSorted((one, other) => other - one);
  const last = latest[pace.messages - 1];
  return Math.max(now, ...there, ...(last === undefined ? [] : [last + pace.withinMs]));
}
