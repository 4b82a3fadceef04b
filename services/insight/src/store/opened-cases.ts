import type { Instant } from "@crossline/contracts";
import { toSql } from "@crossline/postgres";

/** The cases of a carrier that were opened from `from` on and before `to`, with the given values. */
export type CaseSelection = {
  readonly timeline: string;
  readonly carrier: string;
  readonly from: Instant;
  readonly to: Instant;
  /** The now of the timeline, which decides which cases are settled. */
  readonly now: Instant;
  readonly filters: Readonly<Partial<Record<(typeof caseFilters)[number], string>>>;
};

/** The filters of `CaseSelection`, in the order of their parameters. */
export const caseFilters = ["os", "model", "symptom", "channel", "kind", "line"] as const;

/** The part of a statement that selects these cases, with the parameters of `caseValues`. Canaries and merged cases are left out. */
export const openedCases = `
        -- insight.opened-cases
        from reported_case c left join lateral (
          select accepted_at, resolved_at from crossing x
          where x.case_id = c.case_id and accepted_at is not null order by accepted_at, handoff_id limit 1
        ) as first on true
        where c.timeline = $1 and c.carrier = $2 and not c.is_canary and not c.is_merged
          and c.opened_at >= $3::timestamptz and c.opened_at < $4::timestamptz
          and ($5::text is null or lower(c.os) = lower($5::text)) and ($6::text is null or c.model = $6::text)
          and ($7::text is null or c.symptom = $7::text) and ($8::text is null or c.channel = $8::text)
          and ($9::text is null or c.kind = $9::text)
          and ($10::text is null or $10::text in (c.line_name, c.line_name || '@' || c.line_version))`;

/** The time until the first acceptance, and the time of the fix by the same vendor, in milliseconds. */
export const crossingTimes = `
        (extract(epoch from first.accepted_at - c.opened_at) * 1000)::float8 as "heldMs",
        (extract(epoch from first.resolved_at - first.accepted_at) * 1000)::float8 as "fixedMs"`;

/** Returns the parameters $1 to $10. */
export function caseValues({ timeline, carrier, from, to, filters }: CaseSelection): unknown[] {
  return [timeline, carrier, toSql(from), toSql(to), ...caseFilters.map((name) => filters[name] ?? null)];
}
