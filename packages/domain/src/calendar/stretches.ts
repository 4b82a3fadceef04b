import type { Instant } from "@crossline/contracts";
import { type Calendar, nextOpening } from "./calendar.ts";
import { type Stretch, closingIn, spanMs } from "./span.ts";

/**
 * Returns the open stretches of the half-open interval [from, to), sorted. If the interval has more than `max` stretches, the
 * last stretch covers the rest, including the closed times.
 */
export function openStretches(calendar: Calendar, from: Instant, to: Instant, max: number): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let at = nextOpening(calendar, from);
  while (at < to) {
    const closing = stretches.length + 1 < max ? closingAfter(calendar, at, to) : to;
    stretches.push([at, closing]);
    at = closing < to ? nextOpening(calendar, closing) : to;
  }
  return stretches;
}

/**
 * Returns the end of the stretch that is open at an instant, or `to` if `to` is earlier. A stretch that reaches the end of its
 * span can continue in the next span.
 */
function closingAfter({ span }: Calendar, at: Instant, to: Instant): Instant {
  if (span === undefined) return to;
  let index = Math.floor(at / spanMs);
  let closing = closingIn(span(index), at);
  while (closing < to && closing === (index + 1) * spanMs && span(index + 1).from[0] === closing) {
    index++;
    closing = closingIn(span(index), closing);
  }
  return Math.min(closing, to);
}
