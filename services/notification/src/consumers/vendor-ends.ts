import { type CaseEvent, type HandoffEvent, type ReceivedMessage, topics } from "@crossline/contracts";
import { type CaseReading, nextReading, openReading, accessChanges } from "@crossline/domain";
import type { StoredReading, VendorEnd } from "../store/case-reading.ts";
import type { CaseSubscription } from "../store/case-party.ts";

/**
 * Applies records to the readings of cases. Returns the changed readings, and the last start or end of each vendor's case access.
 */
export function followReadings(storedReadings: readonly StoredReading[], events: readonly ReceivedMessage[]) {
  const readings = new Map(
    storedReadings.map(({ caseId, carrier, reading }) => [caseId, reading ?? openReading(carrier)]),
  );
  const changed = new Map<string, CaseReading>();
  const ends = new Map<string, VendorEnd>();
  for (const event of events) {
    const { key: caseId, topic, sequence, time: at } = event;
    const before = readings.get(caseId);
    if (before === undefined || topic === topics.clock) continue;
    const after = nextReading(before, event as unknown as CaseEvent | HandoffEvent);
    if (after === before) continue;
    readings.set(caseId, after);
    changed.set(caseId, after);
    for (const { vendor, is } of accessChanges(before, after))
      ends.set(`${caseId} ${vendor}`, { caseId, vendor, until: is === "whole" ? null : { at, topic, sequence } });
  }
  return { readings: [...changed].map(([caseId, reading]) => ({ caseId, reading })), ends: [...ends.values()] };
}

/**
 * Returns the subscriptions. If the batch ended a vendor's part in a case, the vendor's subscriptions get the new end. If the
 * batch restarted the part, they get null.
 */
export function withEnds(
  subscriptions: readonly CaseSubscription[],
  ends: readonly VendorEnd[],
): readonly CaseSubscription[] {
  if (ends.length === 0) return subscriptions;
  const byVendor = new Map(ends.map((end) => [`${end.caseId} ${end.vendor}`, end]));
  return subscriptions.map((subscription) => {
    const end = byVendor.get(`${subscription.caseId} ${subscription.party}`);
    return end === undefined ? subscription : { ...subscription, until: end.until };
  });
}
