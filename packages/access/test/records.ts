import { topics } from "@crossline/contracts";
import type { EventData, ReceivedMessage } from "@crossline/contracts";

type PartyData = EventData<"party.recorded">;

/** Returns an event of the party topic in the form in which a consumer receives it. */
export function recorded(
  party: string,
  sequence: number,
  hashes: readonly string[],
  more: Partial<PartyData> = {},
): ReceivedMessage {
  const keys = hashes.map((hash, index) => ({ keyId: `key_${party}_${index + 1}`, hash }));
  return {
    id: `party/${party}/${sequence}`,
    topic: topics.party,
    key: party,
    partition: 0,
    sequence,
    type: "party.recorded",
    time: Date.UTC(2026, 2, 7, 14, 0, sequence),
    timeline: "wall",
    data: { party, kind: "carrier", name: party, keys, ...more } satisfies PartyData,
  };
}
