import { type EventOf, type Instant, type ReceivedMessage, partyOf, topics } from "@crossline/contracts";
import { onlyReaderOf } from "./hidden.ts";

/**
 * The point from which a vendor reads a case. `at` is the instant of the first offer, and `handoff` is its sequence. `case` and
 * `clock` are the last sequences on the case topic and the clock topic before this offer.
 */
export type ReadingStart = {
  readonly at: Instant;
  readonly case: number;
  readonly clock: number;
  readonly handoff: number;
};

/** The record that ended a vendor's last part in a case. */
export type ReadingEnd = { readonly at: Instant; readonly topic: string; readonly sequence: number };

/** The carrier of a case, or a vendor that reads the case from its first offer to the end of its last part. */
export type EventReader = {
  readonly party: string;
  readonly since: ReadingStart | null;
  readonly until: ReadingEnd | null;
};

/**
 * Returns whether this party may receive this event (docs/rules/case-access.md). The carrier receives all events of its case. A
 * vendor receives events from its first offer to the end of its last part. After the end of its last part, a vendor still
 * receives the events of its own hand-offs and promises. A vendor never receives the events of other vendors' hand-offs or of
 * other parties' rosters. A vendor never receives the addresses of a carrier's last resort or the events of a carrier's pools. Only
 * the author's company receives an internal entry, and only the carrier learns that a case is a member of an incident.
 */
export function mayReceive({ party, since, until }: EventReader, event: ReceivedMessage): boolean {
  if (event.type === "entry.added") {
    const { audience, actor } = event.data as EventOf<"entry.added">["data"];
    if (audience === "internal" && actor.party !== party) return false;
  }
  if ((onlyReaderOf(event) ?? party) !== party) return false;
  if (since === null) return true;
  if (event.time < since.at) return false;
  if (until !== null && isLater(event, until) && !isOwn(event, party)) return false;
  switch (event.topic) {
    case topics.case:
      return event.sequence > since.case;
    case topics.clock:
      return event.sequence > since.clock;
    case topics.handoff:
      return event.sequence >= since.handoff && mayVendorReceive(party, event);
    default:
      return false;
  }
}

/**
 * Returns whether an event is later than the end of a part. For an event of another topic, the function compares times and
 * causes, because Kafka keeps no order between topics.
 */
function isLater({ topic, sequence, time, after = [] }: ReceivedMessage, until: ReadingEnd): boolean {
  if (topic === until.topic) return sequence > until.sequence;
  return time > until.at || after.some((cause) => cause.topic === until.topic && cause.sequence >= until.sequence);
}

/**
 * Returns whether an event concerns the vendor's own hand-off, an entry that came from that hand-off, or the vendor's own
 * promise.
 */
function isOwn({ topic, data }: ReceivedMessage, party: string): boolean {
  const { vendor, promisor, of, actor } = data as {
    readonly vendor?: string;
    readonly promisor?: string;
    readonly of?: { readonly topic: string };
    readonly actor?: { readonly party: string };
  };
  if (topic === topics.handoff) return vendor === party;
  return topic === topics.case && (promisor === party || (of?.topic === topics.handoff && actor?.party === party));
}

function mayVendorReceive(party: string, event: ReceivedMessage): boolean {
  if (event.type === "line.exhausted" || event.type === "last-resort.called") return false;
  if (event.type.startsWith("pool.")) return false;
  if (event.type === "roster.paged") {
    return partyOf((event.data as EventOf<"roster.paged">["data"]).roster) === party;
  }
  if (event.type.startsWith("joint.")) {
    return (event.data as EventOf<"joint.declared">["data"]).parties.includes(party);
  }
  const { vendor } = event.data as { readonly vendor?: string };
  return vendor === undefined || vendor === party;
}
