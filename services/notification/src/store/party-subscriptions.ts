import type { Tx } from "@crossline/postgres";

/** A subscription as an event about no case needs it. */
export type PartySubscription = {
  readonly subscriptionId: string;
  readonly party: string;
  readonly timeline: string;
  readonly events: readonly string[] | null;
  readonly url: string;
};

/** Finds the subscriptions of parties that have not ended. */
export function findPartySubscriptions(tx: Tx, parties: readonly string[]): Promise<PartySubscription[]> {
  return tx.query({
    text: `
      -- notification.find-party-subscriptions
      select subscription_id as "subscriptionId", party, timeline, events, url
      from subscription where party = any($1::text[]) and ended_at is null`,
    values: [parties],
  });
}
