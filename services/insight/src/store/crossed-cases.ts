import type { CrossedCase } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";
import type { CaseSelection } from "./selection.ts";

/**
 * Returns the crossed cases of a carrier that were opened in the period, at most `limit`. The first acceptance ends the hold. The fix is the one
 * of the vendor that accepted first. Cases without a symptom or a device are left out.
 */
export async function readCrossedCases(tx: Tx, selection: CaseSelection, limit: number): Promise<CrossedCase[]> {
  const rows = await tx.query<Omit<CrossedCase, "fixedMs"> & { fixedMs: number | null }>({
    name: "insight.crossed-cases",
    text: `
      -- insight.crossed-cases
      select symptom, coalesce(model, os) as device, channel || ' ' || severity as stratum,
        (extract(epoch from accepted_at - opened_at) * 1000)::float8 as "heldMs",
        (extract(epoch from first.resolved_at - accepted_at) * 1000)::float8 as "fixedMs"
      from reported_case join lateral (
        select accepted_at, resolved_at from crossing
        where crossing.case_id = reported_case.case_id and accepted_at is not null order by accepted_at limit 1
      ) as first on true
      where timeline = $1 and carrier = $2 and opened_at >= $3::timestamptz and opened_at < $4::timestamptz
        and not is_canary and not is_merged and symptom is not null and coalesce(model, os) is not null
        and ($5::text is null or os = $5) and ($6::text is null or model = $6) and ($7::text is null or channel = $7)
      limit $8`,
    values: [...selectionValues(selection), limit],
  });
  return rows.map(({ fixedMs, ...row }) => ({ ...row, fixedMs: fixedMs ?? undefined }));
}

function selectionValues({ timeline, carrier, from, to, os, model, channel }: CaseSelection): readonly unknown[] {
  return [timeline, carrier, toSql(from), toSql(to), os ?? null, model ?? null, channel ?? null];
}
