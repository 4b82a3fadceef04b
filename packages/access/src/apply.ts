import { topics } from "@crossline/contracts";
import type { EventData, ReceivedMessage } from "@crossline/contracts";
import { saveInstallation } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import { saveParties } from "./store.ts";
import type { PartyRecord } from "./store.ts";

/**
 * Applies the events of the party topic and skips the events of other topics, so a consumer can pass a whole batch. Of
 * several events of one party only the newest counts, because each event contains the complete party. The function
 * stores no key of the operator, which only intake checks. The function also saves the installation id for
 * `checkInstallation`. The first start of an installation publishes this id.
 */
export async function applyParties(tx: Tx, events: readonly ReceivedMessage[]): Promise<void> {
  const newest = new Map<string, PartyRecord>();
  for (const { topic, type, data, sequence, time } of events) {
    if (topic !== topics.party) continue;
    if (type === "installation.recorded")
      await saveInstallation(tx, (data as EventData<"installation.recorded">).installation);
    if (type !== "party.recorded") continue;
    const party = withoutOperatorKey(data as EventData<"party.recorded">);
    if ((newest.get(party.party)?.sequence ?? 0) < sequence) newest.set(party.party, { data: party, sequence, time });
  }
  if (newest.size > 0) await saveParties(tx, [...newest.values()]);
}

/** Earlier versions published the operator's key. A forged record can contain a key too. */
function withoutOperatorKey(party: EventData<"party.recorded">): EventData<"party.recorded"> {
  return party.kind === "operator" ? { ...party, keys: [] } : party;
}
