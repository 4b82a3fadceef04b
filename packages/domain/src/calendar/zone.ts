import type { Instant } from "@crossline/contracts";

/** From `from` on a zone is `offsetMs` ahead of UTC, until the next one begins. */
export type Offset = { readonly from: Instant; readonly offsetMs: number };

const msPerNs = 1e6;

/** The offsets of a zone between two instants, in order; the first one begins before all time. */
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
 * The instant at which a local time begins: its first occurrence where there are two, the first instant after where it is
 * skipped. Local times are milliseconds as if they were UTC.
 */
export function beginningOf(offsets: readonly Offset[], local: number): Instant {
  for (const [index, { from, offsetMs }] of offsets.entries()) {
    const at = Math.max(from, local - offsetMs);
    if (at < (offsets[index + 1]?.from ?? Infinity)) return at;
  }
  return local;
}

/** The instant at which a local time ends something: its last occurrence where there are two, the first instant after where it is skipped. */
export function endOf(offsets: readonly Offset[], local: number): Instant {
  for (let index = offsets.length - 1; index >= 0; index--) {
    const { from, offsetMs } = offsets[index] ?? { from: -Infinity, offsetMs: 0 };
    const at = Math.min(offsets[index + 1]?.from ?? Infinity, local - offsetMs);
    if (at >= from) return at;
  }
  return local;
}
