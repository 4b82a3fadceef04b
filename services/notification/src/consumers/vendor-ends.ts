import { type CaseEvent, type HandoffEvent, type ReceivedMessage, topics } from "@crossline/contracts";
import { type CaseReading, nextReading, openReading, accessChanges } from "@crossline/domain";
import type { KnownReading, VendorEnd } from "../store/case-reading.ts";
import type { Listener } from "../store/case-party.ts";

/** The readings of cases after some records, and the parts that these ended or began: of each vendor the last change. */
export function followReadings(known: readonly KnownReading[], events: readonly ReceivedMessage[]) {
  const readings = new Map(known.map(({ caseId, carrier, reading }) => [caseId, reading ?? openReading(carrier)]));
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

/** The listeners with the ends that a batch has just brought. */
export function withEnds(listeners: readonly Listener[], ends: readonly VendorEnd[]): readonly Listener[] {
  if (ends.length === 0) return listeners;
  const byVendor = new Map(ends.map((end) => [`${end.caseId} ${end.vendor}`, end]));
  return listeners.map((listener) => {
    const end = byVendor.get(`${listener.caseId} ${listener.party}`);
    return end === undefined ? listener : { ...listener, until: end.until };
  });
}
