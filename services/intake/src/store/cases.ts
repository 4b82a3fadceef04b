import type { Instant } from "@crossline/contracts";
import type { CaseState, CaseView } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";
import { overAt } from "./case-parties.ts";

/** A stored case. `observe` is true if the line of the case is an observing line. */
export type CaseRow = { readonly state: CaseState; readonly observe: boolean };

/** Locks cases until the transaction ends, in the order of their ids, and returns them. Omits unknown ids. */
export async function lockCases(tx: Tx, ids: readonly string[]): Promise<CaseRow[]> {
  if (ids.length === 0) return [];
  return tx.query<CaseRow>({
    name: "case-record.lock",
    text: `
      -- case-record.lock
      select state, observe from case_record where id = any($1::text[]) order by id for no key update`,
    values: [ids],
  });
}

/** Locks cases without a wait and returns them. Omits unknown ids, and cases that another transaction has locked. */
export async function tryLockCases(tx: Tx, ids: readonly string[]): Promise<CaseRow[]> {
  if (ids.length === 0) return [];
  return tx.query<CaseRow>({
    name: "case-record.try-lock",
    text: `
      -- case-record.try-lock
      select state, observe from case_record where id = any($1::text[]) order by id for no key update skip locked`,
    values: [ids],
  });
}

/** Finds cases by the carrier's own ids on one timeline, locks them, and returns them. Waits for the locks. */
export async function lockCasesOfCarrier(
  tx: Tx,
  timeline: string,
  carrier: string,
  carrierCaseIds: readonly string[],
): Promise<CaseRow[]> {
  return tx.query<CaseRow>({
    name: "case-record.lock-of-carrier",
    text: `
      -- case-record.lock-of-carrier
      select state, observe from case_record
      where timeline = $1 and carrier = $2 and carrier_case_id = any($3::text[]) order by id for no key update`,
    values: [timeline, carrier, carrierCaseIds],
  });
}

/** A carrier's own case id on a timeline. */
export type CarrierCaseId = { readonly timeline: string; readonly carrier: string; readonly carrierCaseId: string };

/** Returns each given carrier's case id that already belongs to a case, together with the id of that case. */
export async function findTakenIds(
  tx: Tx,
  names: readonly CarrierCaseId[],
): Promise<readonly (CarrierCaseId & { readonly id: string })[]> {
  if (names.length === 0) return [];
  return tx.query({
    name: "case-record.find-taken",
    text: `
      -- case-record.find-taken
      select id, timeline, carrier, carrier_case_id as "carrierCaseId"
      from unnest($1::text[], $2::text[], $3::text[]) as wanted (timeline, carrier, carrier_case_id)
      join case_record using (timeline, carrier, carrier_case_id)`,
    values: [names.map((n) => n.timeline), names.map((n) => n.carrier), names.map((n) => n.carrierCaseId)],
  });
}

/** Inserts cases and the case access of their carriers. Throws a unique violation if a carrier's own id already belongs to a case. */
export async function insertCases(tx: Tx, rows: readonly CaseRow[]): Promise<void> {
  if (rows.length === 0) return;
  const states = rows.map(({ state }) => state);
  await tx.query({
    name: "case-record.insert",
    text: `
      -- case-record.insert
      with opened as (
        insert into case_record
          (id, timeline, carrier, carrier_case_id, observe, opened_at, status, state, last_event_at, canary_id)
        select id, timeline, carrier, carrier_case_id, observe, opened_at, status, state::json, last_event_at, canary_id
        from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::timestamptz[], $7::text[],
          string_to_array($8, E'\\n'), $10::timestamptz[], $11::text[])
          as new (id, timeline, carrier, carrier_case_id, observe, opened_at, status, state, last_event_at, canary_id)
      )
      insert into case_party (party, timeline, opened_at, case_id, over_at)
      select * from unnest($3::text[], $2::text[], $6::timestamptz[], $1::text[], $9::timestamptz[])`,
    values: [
      states.map(({ id }) => id),
      states.map(({ timeline }) => timeline),
      states.map(({ carrier }) => carrier),
      states.map(({ carrierCaseId }) => carrierCaseId),
      rows.map(({ observe }) => observe),
      states.map(({ openedAt }) => toSql(openedAt)),
      states.map(({ status }) => status),
      joinLines(states),
      states.map(overAt),
      states.map(({ lastEventAt }) => toSql(lastEventAt)),
      states.map(({ canary }) => canary?.canaryId ?? null),
    ],
  });
}

/** Saves the new states of cases that this transaction has locked. */
export async function updateCases(tx: Tx, states: readonly CaseState[]): Promise<void> {
  if (states.length === 0) return;
  await tx.query({
    name: "case-record.update",
    text: `
      -- case-record.update
      update case_record set status = new.status, state = new.state::json, last_event_at = new.last_event_at
      from unnest($1::text[], $2::text[], string_to_array($3, E'\\n'), $4::timestamptz[])
        as new (id, status, state, last_event_at)
      where case_record.id = new.id`,
    values: [
      states.map(({ id }) => id),
      states.map(({ status }) => status),
      joinLines(states),
      states.map(({ lastEventAt }) => toSql(lastEventAt)),
    ],
  });
}

/** Saves the `observe` flag of cases that were moved to another line. */
export async function observeCases(tx: Tx, rows: readonly CaseRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    text: `
      -- case-record.observe
      update case_record set observe = moved.observe
      from unnest($1::text[], $2::boolean[]) as moved (id, observe) where case_record.id = moved.id`,
    values: [rows.map(({ state }) => state.id), rows.map(({ observe }) => observe)],
  });
}

/**
 * A stored case for one reader, with the mark of its timeline and Postgres' time. For a former vendor, `asOf` is the ended
 * view.
 */
export type ReadCase = {
  readonly state: CaseState;
  readonly asOf: CaseView | null;
  readonly mark: Instant | null;
  readonly now: Instant;
  /** True if Kafka deleted, or may have deleted, records of other services about the case before intake read them. */
  readonly gap: boolean;
};

/** Returns a case, or undefined if no case has this id. The caller must check the case access. */
export async function findCase(tx: Tx, id: string, party: string): Promise<ReadCase | undefined> {
  const [row] = await tx.query<ReadCase>({
    name: "case-record.find",
    text: `
      -- case-record.find
      select c.state, p.as_of as "asOf", t.mark, clock_timestamp() as now,
        exists (select from inbox_gap_mark where key = c.id) as gap
      from case_record c left join timeline t on t.id = c.timeline
        left join case_party p on p.party = $2 and p.timeline = c.timeline and p.opened_at = c.opened_at and p.case_id = c.id
      where c.id = $1`,
    values: [id, party],
  });
  return row;
}

/** Returns the state of a case without a lock, or undefined if no case has this id. */
export async function readCaseState(tx: Tx, id: string): Promise<CaseState | undefined> {
  const [row] = await tx.query<{ state: CaseState }>({
    text: `
      -- case-record.read-state
      select state from case_record where id = $1`,
    values: [id],
  });
  return row?.state;
}

/** Returns those of the given cases that a carrier has on a timeline. */
export async function findCarriersCases(
  tx: Tx,
  {
    carrier,
    timeline,
    caseIds,
  }: { readonly carrier: string; readonly timeline: string; readonly caseIds: readonly string[] },
): Promise<string[]> {
  if (caseIds.length === 0) return [];
  const rows = await tx.query<{ id: string }>({
    text: `
      -- case-record.find-of-carrier
      select id from case_record where id = any($3::text[]) and carrier = $1 and timeline = $2`,
    values: [carrier, timeline, caseIds],
  });
  return rows.map(({ id }) => id);
}

/** Returns the timeline of a case, or undefined if no case has this id. The timeline of a case never changes. */
export async function findTimelineOf(tx: Tx, id: string): Promise<string | undefined> {
  const [row] = await tx.query<{ timeline: string }>({
    name: "case-record.find-timeline",
    text: `
      -- case-record.find-timeline
      select timeline from case_record where id = $1`,
    values: [id],
  });
  return row?.timeline;
}

/** A case as the receiver of mails reads it. `mergedInto` is the id of the target case after a merge. */
export type MailCase = { readonly carrier: string; readonly timeline: string; readonly mergedInto: string | null };

/** Returns the fields of a case that decide the destination of its mails; undefined if no case has this id. */
export async function findMailCase(tx: Tx, id: string): Promise<MailCase | undefined> {
  const [row] = await tx.query<MailCase>({
    name: "case-record.find-for-mail",
    text: `
      -- case-record.find-for-mail
      select carrier, timeline, state->>'mergedInto' as "mergedInto" from case_record where id = $1`,
    values: [id],
  });
  return row;
}

/**
 * Counts the open cases of the wall timeline by status, without the cases of canaries. The two counts come from two indexes. A count
 * with a condition on `canary_id` would read every open case at each scrape.
 */
export function countOpen(tx: Tx): Promise<{ status: string; count: number }[]> {
  return tx.query({
    text: `
      -- case-record.count-open
      with canaries as (
        select status, count(*) as count from case_record
        where status not in ('closed', 'rejected', 'cancelled') and canary_id is not null group by status
      ), open as (
        select status, count(*) as count from case_record
        where status not in ('closed', 'rejected', 'cancelled') and timeline = 'wall' group by status
      )
      select status, open.count - coalesce(canaries.count, 0) as count from open left join canaries using (status)`,
  });
}

/**
 * Returns the values as JSON texts, joined by line feeds. JSON texts contain no line feed, so Postgres can split the result again. The
 * joined text costs a third less than an array, in which quotes must be escaped.
 */
function joinLines(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join("\n");
}
