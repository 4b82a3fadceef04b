import type { Channel, Instant } from "@crossline/contracts";
import type { CrossedCase } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";
import { type CaseSelection, caseValues, crossingTimes, openedCases } from "./opened-cases.ts";

/**
 * Returns the crossed cases for the training debt, at most `limit`. The first acceptance ends the hold. The fix is the one of the vendor that
 * accepted first. Cases without a symptom or a device are left out.
 */
export async function readCrossedCases(tx: Tx, selection: CaseSelection, limit: number): Promise<CrossedCase[]> {
  const rows = await tx.query<Omit<CrossedCase, "fixedMs"> & { fixedMs: number | null }>({
    name: "insight.crossed-cases",
    text: `
      -- insight.crossed-cases
      select c.symptom, coalesce(c.model, c.os) as device, c.channel || ' ' || c.severity as stratum, ${crossingTimes} ${openedCases}
        and first.accepted_at is not null and c.symptom is not null and coalesce(c.model, c.os) is not null
      limit $11`,
    values: [...caseValues(selection), limit],
  });
  return rows.map(({ fixedMs, ...row }) => ({ ...row, fixedMs: fixedMs ?? undefined }));
}

/** A case behind a report, with the numbers that the reports count. */
export type ReportCase = {
  readonly caseId: string;
  readonly openedAt: Instant;
  readonly symptom: string | null;
  readonly model: string | null;
  readonly os: string | null;
  readonly channel: Channel;
  readonly contacts: number;
  readonly reopenings: number;
  readonly heldMs: number | null;
  readonly fixedMs: number | null;
};

/** Lists the selected cases, the latest first. `isCrossed` selects the crossed cases only. */
export function listCases(
  tx: Tx,
  selection: CaseSelection,
  {
    isCrossed,
    after,
    limit,
  }: { isCrossed: boolean; after: readonly [at: Instant, caseId: string] | undefined; limit: number },
): Promise<ReportCase[]> {
  return tx.query<ReportCase>({
    text: `
      -- insight.list-cases
      select c.case_id as "caseId", c.opened_at as "openedAt", c.symptom, c.model, c.os, c.channel, c.contacts, c.reopenings,
        ${crossingTimes} ${openedCases}
        and (first.accepted_at is not null or not $11::boolean)
        and ($13::text is null or (c.opened_at, c.case_id) < ($12::timestamptz, $13::text))
      order by c.opened_at desc, c.case_id desc limit $14`,
    values: [
      ...caseValues(selection),
      isCrossed,
      after === undefined ? null : toSql(after[0]),
      after?.[1] ?? null,
      limit,
    ],
  });
}
