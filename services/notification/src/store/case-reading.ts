import type { CaseReading, ReadingEnd } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";

/** The record up to which a vendor reads a case. Null means that the vendor has a part in the case. */
export type VendorEnd = { readonly caseId: string; readonly vendor: string; readonly until: ReadingEnd | null };

export type StoredReading = { readonly caseId: string; readonly carrier: string; readonly reading: CaseReading | null };

/**
 * Finds the readings of the cases that have crossed, or that this batch offers. No lock is necessary: the fence ensures that only
 * one process at a time reads the records of a case.
 */
export function findReadings(tx: Tx, caseIds: readonly string[], offered: readonly string[]): Promise<StoredReading[]> {
  return tx.query({
    name: "notification.find-readings",
    text: `
      -- notification.find-readings
      select case_id as "caseId", carrier, reading from case_record
      where case_id = any($1::text[]) and (reading is not null or case_id = any($2::text[]))`,
    values: [caseIds, offered],
  });
}

export async function saveReadings(
  tx: Tx,
  readings: readonly { readonly caseId: string; readonly reading: CaseReading }[],
): Promise<void> {
  if (readings.length === 0) return;
  await tx.query({
    name: "notification.save-readings",
    text: `
      -- notification.save-readings
      update case_record set reading = changed.reading
      from unnest($1::text[], $2::json[]) as changed (case_id, reading) where case_record.case_id = changed.case_id`,
    values: [readings.map(({ caseId }) => caseId), readings.map(({ reading }) => JSON.stringify(reading))],
  });
}

export async function saveEnds(tx: Tx, ends: readonly VendorEnd[]): Promise<void> {
  if (ends.length === 0) return;
  await tx.query({
    name: "notification.save-ends",
    text: `
      -- notification.save-ends
      update case_vendor
      set until_at = changed.until_at, until_topic = changed.until_topic, until_sequence = changed.until_sequence
      from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::bigint[])
        as changed (case_id, vendor, until_at, until_topic, until_sequence)
      where case_vendor.case_id = changed.case_id and case_vendor.vendor = changed.vendor`,
    values: columnsOf(ends),
  });
}

/**
 * SQL that checks whether a delivery's event is later than the end of the party's part. The check excludes events of the hand-off
 * topic, since a vendor receives only those of its own hand-offs.
 */
export const isLater = (delivery: string, end: string): string => `
  ${delivery}.cause_topic <> 'crossline.handoff.v1' and (${delivery}.event_at > ${end}.until_at
    or ${delivery}.cause_topic = ${end}.until_topic and ${delivery}.cause_sequence > ${end}.until_sequence)`;

/**
 * Finds the waiting deliveries whose event is later than the end of the vendor's part. Notification created these deliveries
 * before it read the end of the part.
 */
export async function findLaterWaiting(tx: Tx, ends: readonly VendorEnd[]): Promise<string[]> {
  const ended = ends.filter(({ until }) => until !== null);
  if (ended.length === 0) return [];
  const rows = await tx.query<{ id: string }>({
    name: "notification.find-later-waiting",
    text: `
      -- notification.find-later-waiting
      select delivery_id as id
      from delivery join unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::bigint[])
        as ended (case_id, party, until_at, until_topic, until_sequence) using (case_id, party)
      where state = 'waiting' and page is null and ${isLater("delivery", "ended")}`,
    values: columnsOf(ended),
  });
  return rows.map(({ id }) => id);
}

function columnsOf(ends: readonly VendorEnd[]): unknown[] {
  return [
    ends.map(({ caseId }) => caseId),
    ends.map(({ vendor }) => vendor),
    ends.map(({ until }) => (until === null ? null : toSql(until.at))),
    ends.map(({ until }) => until?.topic ?? null),
    ends.map(({ until }) => until?.sequence ?? null),
  ];
}
