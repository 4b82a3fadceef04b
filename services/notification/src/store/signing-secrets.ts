import type { Secrets } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { type ClaimedDelivery, subscriptionSecrets } from "./claim.ts";
import { lastResortSecrets } from "./last-resort-secret.ts";

/**
 * Finds the secrets that sign these deliveries. The party's secrets sign a page or a call of the last resort. A subscription's
 * secrets sign the deliveries of that subscription.
 */
export async function findSecrets(
  tx: Tx,
  claimed: readonly ClaimedDelivery[],
): Promise<(delivery: ClaimedDelivery) => Secrets | undefined> {
  const subscriptions = claimed.map(({ subscriptionId }) => subscriptionId).filter((id) => id !== null);
  const parties = claimed.filter(({ subscriptionId }) => subscriptionId === null).map(({ party }) => party);
  const [ofSubscriptions, ofParties] = await Promise.all([
    subscriptionSecrets(tx, subscriptions),
    parties.length === 0 ? new Map<string, Secrets>() : lastResortSecrets(tx, parties),
  ]);
  return ({ subscriptionId, party }) =>
    subscriptionId === null ? ofParties.get(party) : ofSubscriptions.get(subscriptionId);
}
