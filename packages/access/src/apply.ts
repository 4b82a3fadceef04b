import { topics } from "@crossline/contracts";
import type { EventData, ReceivedMessage } from "@crossline/contracts";
import { saveInstallation } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import { saveParties } from "./store.ts";
import type { PartyRecord } from "./store.ts";

/**
 * The consumer's piece for the party topic; records of other topics are passed over, so that it can be given a whole batch.
 * Of several records of one party the newest holds: each states the party as it stands. The first start of an installation also brings
 * its id, which the service keeps for its next starts (`confirmInstallation`).
 */
export async function applyParties(tx: Tx, events: readonly ReceivedMessage[]): Promise<void> {
  const newest = new Map<string, PartyRecord>();
  for (const { topic, type, data, sequence, time } of events) {
    if (topic !== topics.party) continue;
    if (type === "installation.recorded")
      await saveInstallation(tx, (data as EventData<"installation.recorded">).installation);
    if (type !== "party.recorded") continue;
    const recorded = data as EventData<"party.recorded">;
    if ((newest.get(recorded.party)?.sequence ?? 0) < sequence)
      newest.set(recorded.party, { data: recorded, sequence, time });
  }
  if (newest.size > 0) await saveParties(tx, [...newest.values()]);
}
