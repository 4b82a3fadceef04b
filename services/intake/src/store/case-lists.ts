import type { CaseStatus, Instant, Severity } from "@crossline/contracts";
import { isEnded } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";
import type { ReadCase } from "./cases.ts";

/** Where a page of cases ended. */
export type CasePlace = { readonly openedAt: Instant; readonly id: string };

/** Which cases a list holds. A case that a vendor reads as of its end is found by what it was then. */
export type CaseFilter = {
  readonly party: string;
  readonly timeline: string;
  readonly status?: readonly CaseStatus[] | undefined;
  readonly severity?: readonly Severity[] | undefined;
  readonly holder?: string | undefined;
  readonly line?: string | undefined;
  readonly carrierCaseId?: string | undefined;
  readonly updatedSince?: Instant | undefined;
};

/** Of one page: a filter that hardly any case fits gets a short page instead of one that reads a whole history. */
const examinedMax = 2_000;

const state = "coalesce(p.as_of->'state', c.state)";
/** The last event that the party may know of, as `countsFor` of the domain counts it; never later than the one in the columns. */
const knownAt = `case when ${state}->'sharedAt' is null then (${state}->>'lastEventAt')::bigint
          else greatest((${state}->>'sharedAt')::bigint, (${state}->'chains'->$1->>'lastAt')::bigint) end`;
const fits = `
        ($6::text[] is null or case when p.as_of is null then c.status else p.as_of->'state'->>'status' end = any($6))
        and ($7::text[] is null or ${state}->>'severity' = any($7))
        and ($8::text is null or ${state}->>'holder' = $8)
        and ($9::text is null or ${state}->'line'->>'name' = $9)
        and ($10::text is null or c.carrier_case_id = $10)
        and ($5::timestamptz is null or coalesce(p.over_at, c.last_event_at) >= $5::timestamptz)
        and ($5::timestamptz is null or ${knownAt} >= extract(epoch from $5::timestamptz) * 1000)`;

const columns = `c.state, p.as_of as "asOf", t.mark, clock_timestamp() as now,
        exists (select from inbox_gap_mark where key = c.id) as gap`;
const inOrder = "order by opened_at desc, case_id desc";

/** The first of the cases, newest first, that may fit, by the index that leads to them. */
function candidates(filter: CaseFilter, isCarrier: boolean): string {
  const among = (condition: string): string => `
      (select opened_at, case_id, as_of, over_at from case_party
        where party = $1 and timeline = $2 and (opened_at, case_id) < ($3::timestamptz, $4) and ${condition}
        ${inOrder} limit ${examinedMax})`;
  if (filter.carrierCaseId !== undefined) return named(isCarrier);
  // A former vendor reads most cases as open ones for ever.
  if (isCarrier && filter.status?.every((one) => !isEnded(one)) === true) return among("over_at is null");
  if (filter.updatedSince === undefined) return among("true");
  return `
      (select * from (${among("over_at is null")} union all ${among("over_at >= $5::timestamptz")}) as changed
        ${inOrder} limit ${examinedMax})`;
}

/** A carrier's own id is taken once on a timeline. */
function named(isCarrier: boolean): string {
  return `
      (select named.opened_at, named.id as case_id, own.as_of, own.over_at
        from case_record named join case_party own
          on own.party = $1 and own.timeline = $2 and own.opened_at = named.opened_at and own.case_id = named.id
        where named.timeline = $2 and named.carrier_case_id = $10 ${isCarrier ? "and named.carrier = $1" : ""}
          and (named.opened_at, named.id) < ($3::timestamptz, $4))`;
}

export type CaseListing = {
  readonly filter: CaseFilter;
  readonly isCarrier: boolean;
  readonly before: CasePlace | undefined;
  readonly limit: number;
};

/** What the candidates are looked up by: $1 to $5. */
function lookupOf({ filter, before }: Pick<CaseListing, "filter" | "before">): unknown[] {
  const { party, timeline, updatedSince } = filter;
  const since = updatedSince === undefined ? undefined : toSql(updatedSince);
  return [party, timeline, toSql(before?.openedAt ?? Infinity), before?.id ?? "", since];
}

/** What `fits` asks for besides: $6 to $10. */
function restOf({ status, severity, holder, line, carrierCaseId }: CaseFilter): unknown[] {
  return [status, severity, holder, line, carrierCaseId];
}

/** The cases that a party may read, newest first; what is opened meanwhile comes before the first page and moves nothing. */
export function listCases(tx: Tx, listing: CaseListing): Promise<ReadCase[]> {
  const { filter, isCarrier, limit } = listing;
  return tx.query({
    text: `
      -- case-party.list
      select ${columns}
      from ${candidates(filter, isCarrier)} as p join case_record c on c.id = p.case_id left join timeline t on t.id = $2
      where ${fits}
      order by p.opened_at desc, p.case_id desc limit $11`,
    values: [...lookupOf(listing), ...restOf(filter), limit],
  });
}

/** The last place that `listCases` examined; undefined where it came to the end. */
export async function lastExamined(tx: Tx, listing: CaseListing): Promise<CasePlace | undefined> {
  if (listing.filter.carrierCaseId !== undefined) return undefined;
  const [place] = await tx.query<CasePlace>({
    text: `
      -- case-party.last-examined
      select opened_at as "openedAt", case_id as id
      from ${candidates(listing.filter, listing.isCarrier)} as p
      where $5::timestamptz is null or true -- not all candidates ask for it
      ${inOrder} offset ${examinedMax - 1} limit 1`,
    values: lookupOf(listing),
  });
  return place;
}

/** Of these cases, those that fit, in no order. */
export function findListed(tx: Tx, filter: CaseFilter, caseIds: readonly string[]): Promise<ReadCase[]> {
  return tx.query({
    text: `
      -- case-party.find-listed
      select ${columns}
      from case_record c
        join case_party p on p.party = $1 and p.timeline = c.timeline and p.opened_at = c.opened_at and p.case_id = c.id
        left join timeline t on t.id = $2
      where c.id = any($11::text[]) and (p.opened_at, p.case_id) < ($3::timestamptz, $4) and ${fits}`,
    values: [...lookupOf({ filter, before: undefined }), ...restOf(filter), caseIds],
  });
}
