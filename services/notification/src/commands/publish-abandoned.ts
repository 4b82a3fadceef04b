import type { Instant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import type { EndedDelivery } from "../store/outcome.ts";
import { appendMailOutcomes } from "../store/mail-outcome.ts";
import { appendResults } from "../store/result.ts";
import { appendUnreachable, markUnreachable, type UnreachablePage } from "../store/unreachable-page.ts";

/** The abandoned deliveries that raise an alarm: pages that reach no person, and calls of the last resort. */
export type UnreachableAlarms = {
  readonly pages: readonly UnreachablePage[];
  readonly calls: readonly Pick<EndedDelivery, "caseId">[];
};

/**
 * Publishes abandoned deliveries, pages that became unreachable, and outbound messages that did not leave. The function publishes the results of deliveries first,
 * because the allocation of their sequences locks the cases. If two transactions abandon the last two addresses of a page, the
 * second transaction therefore sees both results.
 */
export async function publishAbandoned(
  tx: Tx,
  ended: readonly (EndedDelivery & { readonly error?: string | undefined })[],
  moment: Instant,
): Promise<UnreachableAlarms> {
  await appendResults(tx, "notification.abandoned", ended, moment);
  const unsubscribed = ended.filter(({ subscriptionId }) => subscriptionId === null);
  const pageEventIds = unsubscribed
    .filter(({ eventType }) => eventType === "roster.paged")
    .map(({ eventId }) => eventId);
  const pages = await markUnreachable(tx, [...new Set(pageEventIds)]);
  await appendUnreachable(tx, pages, moment);
  const abandoned = ended.map((delivery) => ({ ...delivery, state: "abandoned" }));
  await appendMailOutcomes(tx, abandoned, moment);
  return { pages, calls: unsubscribed.filter(({ eventType }) => eventType === "last-resort.called") };
}
