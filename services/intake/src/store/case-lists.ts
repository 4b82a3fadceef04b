import type { CaseStatus, Instant, Severity } from "@crossline/contracts";
import { isEnded } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";
import type { ReadCase } from "./cases.ts";

/** The place of a case in a list. The next result page starts after the place of the last case. */
export type CasePlace = { readonly openedAt: Instant; readonly id: string };

/** The filter for a list of cases. For a former vendor, the filter applies to the ended view. */
export type CaseFilter = {
  readonly party: string;
  readonly timeline: string;
  readonly status?: readonly CaseStatus[] | undefined;
  readonly severity?: readonly Severity[] | undefined;
  readonly holder?: string | undefined;
  readonly line?: string | undefined;
  readonly carrierCaseId?: string | undefined;
  readonly updatedSince?: Instant | undefined;
  /** True: only cases of canaries. False: no cases of canaries. */
  readonly canary?: boolean | undefined;
};

/**
 * The maximum number of cases that intake examines for one result page. If few cases pass the filter, the result page is short. No
 * query therefore reads all cases of a company.
 */
const examinedMax = 2_000;

const state = "coalesce(p.as_of->'state', c.state)";
/**
 * SQL for the time of the last event that the party may read, as in the domain's `countsFor`. The result is never later than
 * `last_event_at`.
 */
const knownAt = `case when ${state}->'sharedAt' is null then (${state}->>'lastEventAt')::bigint
          else greatest((${state}->>'sharedAt')::bigint, (${state}->'chains'->$1->>'lastAt')::bigint) end`;
const fits = `
        ($6::text[] is null or case when p.as_of is null then c.status else p.as_of->'state'->>'status' end = any($6))
        and ($7::text[] is null or ${state}->>'severity' = any($7))
        and ($8::text is null or ${state}->>'holder' = $8)
        and ($9::text is null or ${state}->'line'->>'name' = $9)
        and ($10::text is null or c.carrier_case_id = $10)
        and ($11::boolean is null or (c.canary_id is not null) = $11)
        and ($5::timestamptz is null or coalesce(p.over_at, c.last_event_at) >= $5::timestamptz)
        and ($5::timestamptz is null or ${knownAt} >= extract(epoch from $5::timestamptz) * 1000)`;

const columns = `c.state, p.as_of as "asOf", t.mark, clock_timestamp() as now,
        exists (select from inbox_gap_mark where key = c.id) as gap`;
const inOrder = "order by opened_at desc, case_id desc";

/** Returns a subquery for the newest cases that can pass the filter. Each form of the subquery uses a different index. */
function candidates(filter: CaseFilter, isCarrier: boolean): string {
  const among = (condition: string): string => `
      (select opened_at, case_id, as_of, over_at from case_party
        where party = $1 and timeline = $2 and (opened_at, case_id) < ($3::timestamptz, $4) and ${condition}
        ${inOrder} limit ${examinedMax})`;
  if (filter.carrierCaseId !== undefined) return named(isCarrier);
  // Only a carrier's list can use the index of open cases. For a former vendor, `over_at` is not null, although the status in
  // the ended view is usually open.
  if (isCarrier && filter.status?.every((status) => !isEnded(status)) === true) return among("over_at is null");
  if (filter.updatedSince === undefined) return among("true");
  return `
      (select * from (${among("over_at is null")} union all ${among("over_at >= $5::timestamptz")}) as changed
        ${inOrder} limit ${examinedMax})`;
}

/** Returns a subquery for the cases with a carrier's own id. A carrier uses the same id at most once on a timeline. */
function named(isCarrier: boolean): string {
  return `
      (select named.opened_at, named.id as case_id, own.as_of, own.over_at
        from case_record named join case_party own
          on own.party = $1 and own.timeline = $2 and own.opened_at = named.opened_at and own.case_id = named.id
        where named.timeline = $2 and named.carrier_case_id = $10 ${isCarrier ? "and named.carrier = $1" : ""}
          and (named.opened_at, named.id) < ($3::timestamptz, $4))`;
}

/** A request for one result page of a list. The result page starts after the place `before` and has at most `limit` cases. */
export type CaseListing = {
  readonly filter: CaseFilter;
  readonly isCarrier: boolean;
  readonly before: CasePlace | undefined;
  readonly limit: number;
};

/** Returns the parameters $1 to $5, which the subquery of `candidates` uses. */
function lookupOf({ filter, before }: Pick<CaseListing, "filter" | "before">): unknown[] {
  const { party, timeline, updatedSince } = filter;
  const since = updatedSince === undefined ? undefined : toSql(updatedSince);
  return [party, timeline, toSql(before?.openedAt ?? Infinity), before?.id ?? "", since];
}

/** Returns the parameters $6 to $11, which only `fits` uses. */
function restOf({ status, severity, holder, line, carrierCaseId, canary }: CaseFilter): unknown[] {
  return [status, severity, holder, line, carrierCaseId, canary];
}

/**
 * Returns the cases that a party may read, newest first. If a case is opened between two requests, the later result pages do not shift.
 */
export function listCases(tx: Tx, listing: CaseListing): Promise<ReadCase[]> {
  const { filter, isCarrier, limit } = listing;
  return tx.query({
    text: `
      -- case-party.list
      select ${columns}
      from ${candidates(filter, isCarrier)} as p join case_record c on c.id = p.case_id left join timeline t on t.id = $2
      where ${fits}
      order by p.opened_at desc, p.case_id desc limit $12`,
    values: [...lookupOf(listing), ...restOf(filter), limit],
  });
}

/** Returns the place of the last case that `listCases` examined, or undefined if `listCases` reached the end of the list. */
export async function lastExamined(tx: Tx, listing: CaseListing): Promise<CasePlace | undefined> {
  if (listing.filter.carrierCaseId !== undefined) return undefined;
  const [place] = await tx.query<CasePlace>({
    text: `
      -- case-party.last-examined
      select opened_at as "openedAt", case_id as id
      from ${candidates(listing.filter, listing.isCarrier)} as p
      where $5::timestamptz is null or true -- not every form of the candidates uses $5
      ${inOrder} offset ${examinedMax - 1} limit 1`,
    values: lookupOf(listing),
  });
  return place;
}

/** Returns the given cases that pass the filter, in no particular order. */
export function findListed(tx: Tx, filter: CaseFilter, caseIds: readonly string[]): Promise<ReadCase[]> {
  return tx.query({
    text: `
      -- case-party.find-listed
      select ${columns}
      from case_record c
        join case_party p on p.party = $1 and p.timeline = c.timeline and p.opened_at = c.opened_at and p.case_id = c.id
        left join timeline t on t.id = $2
      where c.id = any($12::text[]) and (p.opened_at, p.case_id) < ($3::timestamptz, $4) and ${fits}`,
    values: [...lookupOf({ filter, before: undefined }), ...restOf(filter), caseIds],
  });
}
