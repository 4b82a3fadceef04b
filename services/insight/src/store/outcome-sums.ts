import { type OutcomeSums, settledAfterDays } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";
import { type CaseSelection, caseValues, openedCases } from "./opened-cases.ts";

/** The largest number of models and channels in one report. The pairs with the most cases come first. */
const outcomesMax = 200;

/** Returns the sums of each model in each channel. Cases without a model are left out. */
export async function sumOutcomes(tx: Tx, selection: CaseSelection): Promise<OutcomeSums[]> {
  return tx.query<OutcomeSums>({
    name: "insight.sum-outcomes",
    text: `
      -- insight.sum-outcomes
      select model, channel, count(*)::float8 as cases, sum(contacts)::float8 as contacts,
        sum(contacts * contacts)::float8 as "contactsSquared", count(*) filter (where is_settled)::float8 as settled,
        count(*) filter (where is_settled and contacts = 1 and reopenings = 0 and not has_crossed)::float8 as "resolvedAtFirst",
        count(*) filter (where has_crossed)::float8 as crossed, count(*) filter (where reopenings > 0)::float8 as reopened
      from (
        select c.model, c.channel, c.contacts, c.reopenings, first.accepted_at is not null as has_crossed,
          c.resolved_at is not null and (c.ended_at is not null or c.confirmed_at is not null
            or c.resolved_at <= $11::timestamptz - interval '${settledAfterDays} days') as is_settled
        ${openedCases} and c.model is not null
      ) as facts
      group by model, channel order by cases desc, model, channel limit $12`,
    values: [...caseValues(selection), toSql(selection.now), outcomesMax],
  });
}
