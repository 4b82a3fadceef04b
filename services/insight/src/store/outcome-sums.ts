import type { Instant } from "@crossline/contracts";
import type { OutcomeSums } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";
import type { CaseSelection } from "./selection.ts";

/** The largest number of models and channels in one report. The pairs with the most cases come first. */
const outcomesMax = 200;

/**
 * Returns the sums of each model in each channel, over the cases that were opened in the period. A case is settled at `asOf` if it is resolved and
 * confirmed or ended, or has been resolved for seven days.
 */
export async function sumOutcomes(tx: Tx, selection: CaseSelection, asOf: Instant): Promise<OutcomeSums[]> {
  const { timeline, carrier, from, to, os, model, channel } = selection;
  return tx.query<OutcomeSums>({
    name: "insight.sum-outcomes",
    text: `
      -- insight.sum-outcomes
      select model, channel, count(*)::float8 as cases, sum(contacts)::float8 as contacts,
        sum(contacts * contacts)::float8 as "contactsSquared", count(*) filter (where is_settled)::float8 as settled,
        count(*) filter (where is_settled and contacts = 1 and reopenings = 0 and not has_crossed)::float8 as "resolvedAtFirst",
        count(*) filter (where has_crossed)::float8 as crossed, count(*) filter (where reopenings > 0)::float8 as reopened
      from (
        select model, channel, contacts, reopenings,
          resolved_at is not null and (coalesce(confirmed_at, ended_at) is not null
            or resolved_at <= $5::timestamptz - interval '7 days') as is_settled,
          exists (select from crossing where crossing.case_id = reported_case.case_id and accepted_at is not null) as has_crossed
        from reported_case
        where timeline = $1 and carrier = $2 and opened_at >= $3::timestamptz and opened_at < $4::timestamptz
          and not is_canary and not is_merged and model is not null
          and ($6::text is null or os = $6) and ($7::text is null or model = $7) and ($8::text is null or channel = $8)
      ) as facts
      group by model, channel order by cases desc, model, channel limit $9`,
    values: [timeline, carrier, toSql(from), toSql(to), toSql(asOf), os, model, channel, outcomesMax],
  });
}
