import type { Instant } from "@crossline/contracts";

/** A period in which a zone is `offsetMs` ahead of UTC. The period lasts until the next period begins. */
export type Offset = { readonly from: Instant; readonly offsetMs: number };

const msPerNs = 1e6;

/** Returns the offsets of a zone between two instants, in order. The first offset begins at minus infinity. */
export function offsetsOf(zone: string, from: Instant, to: Instant): Offset[] {
  let at = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone);
  const offsets: Offset[] = [{ from: -Infinity, offsetMs: at.offsetNanoseconds / msPerNs }];
  for (;;) {
    const next = at.getTimeZoneTransition("next");
    if (next === null || next.epochMilliseconds > to) return offsets;
    offsets.push({ from: next.epochMilliseconds, offsetMs: next.offsetNanoseconds / msPerNs });
    at = next;
  }
}

/**
 * Returns the instant of the local time at which an interval begins. If the local time occurs twice, the result is the first
 * occurrence. If the local time is skipped, the result is the first instant after the skip. A local time is in milliseconds
 * since 1970, as if the zone were UTC.
 */
export function beginningOf(offsets: readonly Offset[], local: number): Instant {
  for (const [index, { from, offsetMs }] of offsets.entries()) {
    const at = Math.max(from, local - offsetMs);
    if (at < (offsets[index + 1]?.from ?? Infinity)) return at;
  }
  return local;
}

/**
 * Returns the instant of the local time at which an interval ends. If the local time occurs twice, the result is the last
 * occurrence. If the local time is skipped, the result is the first instant after the skip.
 */
export function endOf(offsets: readonly Offset[], local: number): Instant {
  for (let index = offsets.length - 1; index >= 0; index--) {
    const { from, offsetMs } = offsets[index] ?? { from: -Infinity, offsetMs: 0 };
    const at = Math.min(offsets[index + 1]?.from ?? Infinity, local - offsetMs);
    if (at >= from) return at;
  }
  return local;
}
