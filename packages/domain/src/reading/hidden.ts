import { type EventOf, type Instant, derivedId } from "@crossline/contracts";
import { formatStart, parseStart } from "../clock/start.ts";

/**
 * Returns the company that alone reads a record of the case topic; undefined if other companies may read the record too. Such a
 * record is an internal entry, or concerns the membership of the case in an incident of the carrier.
 */
export function onlyReaderOf({ type, data }: { readonly type: string; readonly data: unknown }): string | undefined {
  switch (type) {
    case "entry.added": {
      const { chain, actor } = data as EventOf<"entry.added">["data"];
      return chain === "internal" ? actor.party : undefined;
    }
    case "incident.joined":
    case "incident.held":
    case "incident.left":
      return (data as EventOf<"incident.left">["data"]).actor.party;
    default:
      return undefined;
  }
}

/**
 * A record that a company may not know, because only another company reads it. `beforeAt` is the time of
 * the last event before the record. `handoff` is the last sequence of the hand-off topic that was read before this record.
 */
export type HiddenEntry = { readonly sequence: number; readonly beforeAt: Instant; readonly handoff: number };

/** Returns the sequence of a record of the case topic, not counting hidden records. */
export function sequenceWithout(hidden: readonly number[], sequence: number): number {
  return sequence - hidden.filter((one) => one < sequence).length;
}

/**
 * Returns the start of a clock with a sequence that does not count hidden records. A sequence of another topic does not change.
 */
export function startWithout(hidden: readonly number[], incarnation: string): string {
  const start = parseStart(incarnation);
  if (start.by !== "case") return incarnation;
  return formatStart({ by: "case", sequence: sequenceWithout(hidden, start.sequence) });
}

/**
 * Returns the time of the case's last event that is not hidden. `read` has the sequences that the service had read at
 * `lastEventAt`.
 */
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
 * Returns the firing id that a company reads if it may not know the hidden records. If the text of the clock's start does not
 * change, the id does not change either. An id that counted hidden records would reveal the number of hidden records.
 */
export function firingIdWithout(hidden: readonly number[], { caseId, clock, incarnation }: Firing, id: string): string {
  const counted = startWithout(hidden, incarnation);
  if (counted === incarnation) return id;
  const threshold = percents.find((percent) => derivedId("fir", caseId, clock, incarnation, percent) === id);
  return threshold === undefined ? id : derivedId("fir", caseId, clock, counted, threshold);
}

const percents = Array.from({ length: 100 }, (_, index) => 100 - index);
