import { type Instant, derivedId } from "@crossline/contracts";
import { formatStart, parseStart } from "../clock/start.ts";

/**
 * A record of a case that a company may not know of: an internal entry of another company. `beforeAt`: the time of the last
 * event before it; `handoff`: the last sequence of the hand-off topic that was read before it.
 */
export type HiddenEntry = { readonly sequence: number; readonly beforeAt: Instant; readonly handoff: number };

/** Returns the sequence of a record of the case topic, in which hidden records do not count. */
export function sequenceWithout(hidden: readonly number[], sequence: number): number {
  return sequence - hidden.filter((one) => one < sequence).length;
}

/** Returns the start of a clock, in whose sequence hidden records do not count. Sequences of other topics do not change. */
export function startWithout(hidden: readonly number[], incarnation: string): string {
  const start = parseStart(incarnation);
  if (start.by !== "case") return incarnation;
  return formatStart({ by: "case", sequence: sequenceWithout(hidden, start.sequence) });
}

/** Returns the time of the last event of a case that is not hidden. `read`: the sequences that were read at `lastEventAt`. */
export function lastEventWithout(
  hidden: readonly HiddenEntry[],
  read: { readonly case: number; readonly handoff: number },
  lastEventAt: Instant,
): Instant {
  let last = lastEventAt;
  let sequence = read.case;
  for (const entry of hidden.toReversed()) {
    if (entry.sequence !== sequence || entry.handoff !== read.handoff) break;
    last = entry.beforeAt;
    sequence -= 1;
  }
  return last;
}

type Firing = { readonly caseId: string; readonly clock: string; readonly incarnation: string };

/**
 * Returns the id of a firing for a company that may not know of the hidden records. If the start of the clock stays the same,
 * so does the id. An id that counted the hidden records would reveal their number.
 */
export function firingIdWithout(hidden: readonly number[], { caseId, clock, incarnation }: Firing, id: string): string {
  const counted = startWithout(hidden, incarnation);
  if (counted === incarnation) return id;
  const threshold = percents.find((percent) => derivedId("fir", caseId, clock, incarnation, percent) === id);
  return threshold === undefined ? id : derivedId("fir", caseId, clock, counted, threshold);
}

const percents = Array.from({ length: 100 }, (_, index) => 100 - index);
