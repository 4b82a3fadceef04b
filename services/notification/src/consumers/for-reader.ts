import { type EventOf, type ReceivedMessage, messageId, topics } from "@crossline/contracts";
import { firingIdWithout, sequenceWithout, startWithout } from "@crossline/domain";
import type { CaseSubscription } from "../store/case-party.ts";

type Reader = Pick<CaseSubscription, "party" | "carrier" | "hidden">;

/**
 * Returns an event as one company may read it. The event's sequences, clock starts and firing ids do not count the records that
 * are hidden from that company. If the company reads the event unchanged, the function returns the same object.
 */
export function forReader(event: ReceivedMessage, { party, carrier, hidden }: Reader): ReceivedMessage {
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
 * instead. The function also removes the carrier's person who lacks a skill.
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
    case "roster.paged": {
      const { firingId: _, ...data } = event.data as EventOf<"roster.paged">["data"];
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
