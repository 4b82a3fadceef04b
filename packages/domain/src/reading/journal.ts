import {
  type EventOf,
  type HandoffEvent,
  type Message,
  type CaseEvent,
  type ReceivedMessage,
  partyOf,
  topics,
} from "@crossline/contracts";
import { type CaseReading, accessChanges, accessOf, nextReading, openReading } from "./case-reading.ts";
import { type ReadingEnd, type ReadingStart, mayReceive } from "./event-reader.ts";
import { eventDataOf, forReader, pageForOthers } from "./for-reader.ts";
import { onlyReaderOf } from "./hidden.ts";

/** A vendor with a part in a case reads the shared history from the opening on (docs/rules/case-access.md). */
const fromOpening: ReadingStart = { at: -Infinity, case: 0, clock: 0, handoff: 0 };

/**
 * The facts of a case that a company may read, as the company reads them. `until` is the end of a former vendor's part. `hidden` has the
 * sequences on the case topic of internal entries of other companies.
 */
export type ReadableCase<Fact> = {
  readonly facts: readonly Fact[];
  readonly until: ReadingEnd | null;
  readonly hidden: readonly number[];
};

/**
 * Returns the facts that a company may read of a case; undefined if the company never had a part in the case. `facts` has all records of the case
 * in the order in which a service applied them. The carrier reads all facts except internal entries of other companies. A vendor reads
 * the shared facts from the opening on. After the end of its last part, a vendor reads the facts up to that end, and later facts of its
 * own hand-offs and promises.
 */
export function readableCase<Fact extends ReceivedMessage>(
  facts: readonly Fact[],
  party: string,
): ReadableCase<Fact> | undefined {
  const { carrier, isReader, until } = followParty(facts, party);
  if (carrier === undefined || !isReader) return undefined;
  const since = party === carrier ? null : fromOpening;
  const hidden = facts.filter((fact) => (onlyReaderOf(fact) ?? party) !== party).map(({ sequence }) => sequence);
  const readable = facts
    .filter((fact) => mayReceive({ party, since, until }, fact))
    .map((fact) => withReadableData({ ...fact, ...forReader(fact, { party, carrier, hidden }) }, party));
  return { facts: readable, until, hidden };
}

type Follow = { readonly carrier?: string; readonly isReader: boolean; readonly until: ReadingEnd | null };

/** Follows the part of a company through the facts of a case. */
function followParty(facts: readonly ReceivedMessage[], party: string): Follow {
  let reading: CaseReading | undefined;
  let until: ReadingEnd | null = null;
  for (const fact of facts) {
    if (fact.type === "case.opened") reading = openReading((fact.data as EventOf<"case.opened">["data"]).carrier);
    if (reading === undefined || !changesReading(fact)) continue;
    const before = reading;
    reading = nextReading(before, fact);
    for (const { vendor, is } of accessChanges(before, reading)) {
      if (vendor !== party) continue;
      const { time: at, topic, sequence } = fact;
      until = is === "whole" ? null : { at, topic, sequence };
    }
  }
  if (reading === undefined) return { isReader: false, until };
  return { carrier: reading.carrier, isReader: accessOf(reading, party) !== "nothing", until };
}

function changesReading(fact: Message): fact is CaseEvent | HandoffEvent {
  return fact.topic !== topics.clock;
}

/** Only the company of a roster reads the people of a page. */
function withReadableData<Fact extends ReceivedMessage>(fact: Fact, party: string): Fact {
  const data = eventDataOf(fact);
  if (fact.type !== "roster.paged") return data === fact.data ? fact : { ...fact, data };
  const page = data as EventOf<"roster.paged">["data"];
  return { ...fact, data: partyOf(page.roster) === party ? page : pageForOthers(page) };
}
