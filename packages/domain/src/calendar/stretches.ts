import type { Instant } from "@crossline/contracts";
import { type Calendar, nextOpening } from "./calendar.ts";
import { type Stretch, closingIn, spanMs } from "./span.ts";

/**
 * The open stretches of the half-open interval [from, to), in order. Of more than `max` the last one holds all that is left, with the
 * closings in it.
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

/** When the stretch ends that is open at an instant, or `to` where that is earlier. One that reaches the end of its span may go on. */
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
