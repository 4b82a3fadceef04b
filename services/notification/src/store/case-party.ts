import type { Instant } from "@crossline/contracts";
import type { ReadingEnd, ReadingStart } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";

export type CaseRecord = {
  readonly caseId: string;
  readonly timeline: string;
  readonly carrier: string;
  readonly carrierCaseId: string;
  /** True if a canary opened the case. */
  readonly ofCanary: boolean;
};

export type CaseVendor = { readonly caseId: string; readonly vendor: string; readonly since: ReadingStart };

/** A subscription that may receive events of a case. */
export type CaseSubscription = CaseRecord & {
  readonly party: string;
  /** Null for the carrier, which receives events from the opening on. */
  readonly since: ReadingStart | null;
  /** The record that ended the vendor's last part. Null while the vendor has a part. */
  readonly until: ReadingEnd | null;
  readonly subscriptionId: string;
  readonly events: readonly string[] | null;
  readonly url: string;
  /**
   * The sequences on the case topic that are hidden from the party, because they belong to internal entries of other companies.
   */
  readonly hidden: readonly number[];
};

export async function insertCases(tx: Tx, cases: readonly CaseRecord[]): Promise<void> {
  if (cases.length === 0) return;
  await tx.query({
    name: "notification.insert-cases",
    text: `
      -- notification.insert-cases
      insert into case_record (case_id, timeline, carrier, carrier_case_id, of_canary)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[]) order by 1
      on conflict (case_id) do nothing`,
    values: [
      cases.map(({ caseId }) => caseId),
      cases.map(({ timeline }) => timeline),
      cases.map(({ carrier }) => carrier),
      cases.map(({ carrierCaseId }) => carrierCaseId),
      cases.map(({ ofCanary }) => ofCanary),
    ],
  });
}

/** Saves each vendor's first offer of a case. If the array has several offers to a vendor, the function saves the first one. */
export async function insertVendors(tx: Tx, vendors: readonly CaseVendor[]): Promise<void> {
  if (vendors.length === 0) return;
  await tx.query({
    name: "notification.insert-vendors",
    text: `
      -- notification.insert-vendors
      insert into case_vendor (case_id, vendor, since_at, case_sequence, clock_sequence, handoff_sequence)
      select distinct on (1, 2) case_id, vendor, since_at, case_sequence, clock_sequence, handoff_sequence
      from unnest($1::text[], $2::text[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::bigint[])
        with ordinality as offer (case_id, vendor, since_at, case_sequence, clock_sequence, handoff_sequence, place)
      order by 1, 2, place
      on conflict (case_id, vendor) do nothing`,
    values: [
      vendors.map(({ caseId }) => caseId),
      vendors.map(({ vendor }) => vendor),
      vendors.map(({ since }) => toSql(since.at)),
      vendors.map(({ since }) => since.case),
      vendors.map(({ since }) => since.clock),
      vendors.map(({ since }) => since.handoff),
    ],
  });
}

export async function findCases(tx: Tx, caseIds: readonly string[]): Promise<CaseRecord[]> {
  return tx.query({
    name: "notification.find-cases",
    text: `
      -- notification.find-cases
      select case_id as "caseId", timeline, carrier, carrier_case_id as "carrierCaseId", of_canary as "ofCanary"
      from case_record where case_id = any($1::text[])`,
    values: [caseIds],
  });
}

/**
 * Finds the subscriptions that match these cases by timeline and party. For each event, `mayReceive` then decides which of
 * these subscriptions receive it.
 */
export async function findCaseSubscriptions(tx: Tx, caseIds: readonly string[]): Promise<CaseSubscription[]> {
  const rows = await tx.query<
    Omit<CaseSubscription, "since" | "until"> & {
      at: Instant | null;
      case: number;
      clock: number;
      handoff: number;
      untilAt: Instant | null;
      untilTopic: string;
      untilSequence: number;
    }
  >({
    name: "notification.find-listeners",
    text: `
      -- notification.find-listeners
      select one.case_id as "caseId", one.timeline, one.carrier, one.carrier_case_id as "carrierCaseId",
        one.of_canary as "ofCanary", reader.party, reader.since_at as at, reader.case_sequence as case, reader.clock_sequence as clock,
        reader.handoff_sequence as handoff, reader.until_at as "untilAt", reader.until_topic as "untilTopic",
        reader.until_sequence as "untilSequence", subscription_id as "subscriptionId", events, url,
        array(select sequence from internal_entry
          where internal_entry.case_id = one.case_id and internal_entry.party <> reader.party) as hidden
      from case_record one
      cross join lateral (
        select one.carrier as party, null::timestamptz as since_at, null::bigint as case_sequence,
          null::bigint as clock_sequence, null::bigint as handoff_sequence, null::timestamptz as until_at,
          null::text as until_topic, null::bigint as until_sequence
        union all
        select vendor, since_at, case_sequence, clock_sequence, handoff_sequence, until_at, until_topic, until_sequence
        from case_vendor where case_vendor.case_id = one.case_id
      ) reader
      join subscription on subscription.party = reader.party and subscription.timeline = one.timeline
      where one.case_id = any($1::text[]) and subscription.ended_at is null`,
    values: [caseIds],
  });
  return rows.map(({ at, case: ofCase, clock, handoff, untilAt, untilTopic, untilSequence, ...listener }) => ({
    ...listener,
    since: at === null ? null : { at, case: ofCase, clock, handoff },
    until: untilAt === null ? null : { at: untilAt, topic: untilTopic, sequence: untilSequence },
  }));
}
