import { type EventOf, type ReceivedMessage, messageId, topics } from "@crossline/contracts";
import { firingIdWithout, sequenceWithout, startWithout } from "@crossline/domain";
import type { CaseSubscription } from "../store/case-party.ts";

type Reader = Pick<CaseSubscription, "party" | "carrier" | "hidden">;

/**
 * An event as one company may know it: every number in it that counts the records of the case counts none that are hidden from that
 * company. The same event where nothing of it is another.
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
 * A vendor gets no number that counts as the carrier does: neither the version that the carrier saw nor an id that is a hash of such
 * a count. The clock and the threshold name the firing instead.
 */
function withoutCarrierNumbers(event: ReceivedMessage): ReceivedMessage {
  switch (event.type) {
    case "crossing.requested": {
      const { asOf: _, ...data } = event.data as EventOf<"crossing.requested">["data"];
      return { ...event, data };
    }
    case "handoff.offered":
    case "roster.paged": {
      const { firingId: _, ...data } = event.data as EventOf<"handoff.offered" | "roster.paged">["data"];
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
