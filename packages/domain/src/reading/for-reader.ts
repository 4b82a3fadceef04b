import { type EventData, type EventOf, type ReceivedMessage, messageId, topics } from "@crossline/contracts";
import { firingIdWithout, sequenceWithout, startWithout } from "./hidden.ts";

/**
 * A company that reads the events of a case. `hidden` has the sequences on the case topic that are hidden from the company, because
 * they belong to internal entries of other companies.
 */
export type CaseEventReader = { readonly party: string; readonly carrier: string; readonly hidden: readonly number[] };

/**
 * Returns an event as one company may read it. The event's sequences, clock starts and firing ids do not count the records that
 * are hidden from that company. If the company reads the event unchanged, the function returns the same object.
 */
export function forReader(event: ReceivedMessage, { party, carrier, hidden }: CaseEventReader): ReceivedMessage {
  const readable = party === carrier ? event : withoutCarrierNumbers(event);
  if (hidden.length === 0) return readable;
  if (event.topic === topics.clock) return { ...readable, data: clockData(hidden, event) };
  if (event.topic !== topics.case) return readable;
  const sequence = sequenceWithout(hidden, event.sequence);
  return { ...readable, sequence, id: messageId({ ...event, sequence }) };
}

/**
 * Removes two values that count records hidden from a vendor: the case version that the carrier saw, and the firing id. The
 * firing id is a hash over a count that includes hidden records. A vendor identifies a firing by the clock and the threshold
 * instead. The function also removes the carrier's person who lacks a skill, and the carrier's reasons for an incident. It removes the ids
 * and counts of the carrier's problems.
 */
function withoutCarrierNumbers(event: ReceivedMessage): ReceivedMessage {
  switch (event.type) {
    case "crossing.requested": {
      const { asOf: _, ...data } = event.data as EventOf<"crossing.requested">["data"];
      return { ...event, data };
    }
    case "handoff.offered": {
      const { firingId: _, missing: __, ...data } = event.data as EventOf<"handoff.offered">["data"];
      return { ...event, data };
    }
    case "incident.opened":
    case "incident.ended": {
      const { reason: _, ...data } = event.data as EventOf<"incident.ended">["data"];
      return { ...event, data };
    }
    case "roster.paged": {
      const { firingId: _, ...data } = event.data as EventOf<"roster.paged">["data"];
      return { ...event, data };
    }
    case "problem.opened": {
      const { problemId: _, cases: __, ...data } = event.data as EventOf<"problem.opened">["data"];
      return { ...event, data };
    }
    case "known-error.matched": {
      const { problemId: _, ...data } = event.data as EventOf<"known-error.matched">["data"];
      return { ...event, data };
    }
    default:
      return event;
  }
}

type ClockData = {
  readonly clock: string;
  readonly incarnation?: string;
  readonly firingId?: string;
  readonly firingIds?: readonly string[];
};

function clockData(hidden: readonly number[], { key: caseId, data }: ReceivedMessage): unknown {
  const { clock, incarnation, firingId, firingIds } = data as ClockData;
  if (incarnation === undefined) return data;
  const idOf = (id: string) => firingIdWithout(hidden, { caseId, clock, incarnation }, id);
  return {
    ...(data as ClockData),
    incarnation: startWithout(hidden, incarnation),
    ...(firingId !== undefined && { firingId: idOf(firingId) }),
    ...(firingIds !== undefined && { firingIds: firingIds.map(idOf) }),
  };
}

/**
 * Returns the data of an event that companies may read. The result omits `order`, which only the auditor reads, and the headers of
 * an outbound mail. The tokens in these headers let a sender write to the case, or report that the mail bounced.
 */
export function eventDataOf({ topic, type, data }: ReceivedMessage): unknown {
  if (type === "message.released") {
    const { mail: _, ...companyData } = data as { readonly mail?: unknown };
    return companyData;
  }
  if (topic !== topics.clock) return data;
  const { order: _, ...companyData } = data as { readonly order?: unknown };
  return companyData;
}

/** Returns a page without the paged people, whom only the party of the roster may know. */
export function pageForOthers(page: EventData<"roster.paged">): EventData<"roster.paged"> {
  const { subject: _, ...rest } = page;
  return { ...rest, people: [] };
}
