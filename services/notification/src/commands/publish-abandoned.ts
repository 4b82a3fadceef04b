import type { Instant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import type { EndedDelivery } from "../store/outcome.ts";
import { appendResults } from "../store/result.ts";
import { appendUnreachable, markUnreachable, type UnreachablePage } from "../store/unreachable-page.ts";

/** What of the deliveries that were given up raises the alarm: a person was asked for, and none has heard of it. */
export type UnreachableAlarms = {
  readonly pages: readonly UnreachablePage[];
  readonly calls: readonly Pick<EndedDelivery, "caseId">[];
};

/**
 * Publishes what was given up, and of which pages no person can be reached any more. The results come first: their sequences
 * lock the cases, so that of the last two addresses of a page one of two transactions sees both.
 */
export async function publishAbandoned(
  tx: Tx,
  ended: readonly EndedDelivery[],
  moment: Instant,
): Promise<UnreachableAlarms> {
  await appendResults(tx, "notification.abandoned", ended, moment);
  const unsubscribed = ended.filter(({ subscriptionId }) => subscriptionId === null);
  const pageEventIds = unsubscribed
    .filter(({ eventType }) => eventType === "roster.paged")
    .map(({ eventId }) => eventId);
  const pages = await markUnreachable(tx, [...new Set(pageEventIds)]);
  await appendUnreachable(tx, pages, moment);
  return { pages, calls: unsubscribed.filter(({ eventType }) => eventType === "last-resort.called") };
}
