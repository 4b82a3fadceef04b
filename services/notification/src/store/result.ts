import { type EventOf, type Instant, timelineKind, topics } from "@crossline/contracts";
import { appendToOutbox } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import type { DeliveryHead } from "./delivery.ts";
import { nextSequences } from "./event-sequence.ts";

type ResultType = `notification.${"delivered" | "abandoned" | "overtaken" | "recorded"}`;

/**
 * Publishes the results of deliveries in the transaction that decides these results. If a delivery has no case, only the
 * delivery log shows its result.
 */
export async function appendResults(
  tx: Tx,
  type: ResultType,
  deliveries: readonly (DeliveryHead & { readonly attempts?: number; readonly status?: number | null })[],
  now: Instant,
): Promise<void> {
  const ofCases = deliveries.filter(isOfCase);
  if (ofCases.length === 0) return;
  const sequences = await nextSequences(
    tx,
    topics.notification,
    ofCases.map(({ caseId }) => caseId),
  );
  const messages = ofCases.map((delivery, index): EventOf<ResultType> => ({
    topic: topics.notification,
    key: delivery.caseId,
    sequence: sequences[index] ?? 0,
    type,
    // On a stepped timeline the result has the time of the event that caused the delivery.
    time: timelineKind(delivery.timeline) === "wall" ? Math.max(now, delivery.eventAt) : delivery.eventAt,
    timeline: delivery.timeline,
    after: [{ topic: delivery.causeTopic, key: delivery.caseId, sequence: delivery.causeSequence }],
    data: {
      deliveryId: delivery.deliveryId,
      ...(delivery.subscriptionId !== null && { subscriptionId: delivery.subscriptionId }),
      party: delivery.party,
      eventId: delivery.eventId,
      eventType: delivery.eventType,
      attempts: delivery.attempts ?? 0,
      ...(typeof delivery.status === "number" && { status: delivery.status }),
    },
  }));
  await appendToOutbox(tx, messages);
}

function isOfCase<Head extends DeliveryHead>(delivery: Head): delivery is Head & { readonly caseId: string } {
  return delivery.caseId !== null;
}
