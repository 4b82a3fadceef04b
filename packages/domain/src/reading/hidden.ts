import { type Instant, derivedId } from "@crossline/contracts";
import { formatStart, parseStart } from "../clock/start.ts";

/**
 * The records of a case that a company may not know of: internal entries of others. `beforeAt`: when the last event before one of
 * them was; `handoff`: how many records of the hand-off topic had been read by then.
 */
export type HiddenEntry = { readonly sequence: number; readonly beforeAt: Instant; readonly handoff: number };

/** The sequence of a record of the case topic as a company counts that may not know of the hidden ones. */
export function sequenceWithout(hidden: readonly number[], sequence: number): number {
  return sequence - hidden.filter((one) => one < sequence).length;
}

/** The start of a clock, counted the same way. Of other topics a company's numbers have no gaps. */
export function startWithout(hidden: readonly number[], incarnation: string): string {
  const start = parseStart(incarnation);
  if (start.by !== "case") return incarnation;
  return formatStart({ by: "case", sequence: sequenceWithout(hidden, start.sequence) });
}

/** The last event of a case that a company may know of. `read`: how much of the case was read when it was at `lastEventAt`. */
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
 * The id of a firing for a company that counts the start of its clock in another way. Equal counts give the id that it has
 * everywhere; an id that was made of the hidden count would say how many hidden records there are.
 */
export function firingIdWithout(hidden: readonly number[], { caseId, clock, incarnation }: Firing, id: string): string {
  const counted = startWithout(hidden, incarnation);
  if (counted === incarnation) return id;
  const threshold = percents.find((percent) => derivedId("fir", caseId, clock, incarnation, percent) === id);
  return threshold === undefined ? id : derivedId("fir", caseId, clock, counted, threshold);
}

const percents = Array.from({ length: 100 }, (_, index) => 100 - index);
