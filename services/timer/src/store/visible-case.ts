import type { Instant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { type CaseRow, type StoredRow, caseColumns, fromStored, lineOf } from "./case-clocks.ts";
import type { Lines } from "./lines.ts";

export type VisibleCase = CaseRow & { readonly mark: Instant | undefined };

/** A case as one party may see it: its carrier, the vendors that it crossed to, the operator. Nothing for anybody else. */
export async function findVisibleCase(
  tx: Tx,
  lines: Lines,
  caseId: string,
  caller: { readonly party: string; readonly kind: string },
): Promise<VisibleCase | undefined> {
  const [row] = await tx.query<StoredRow & { readonly mark: Instant | null }>({
    name: "timer.find-visible-case",
    text: `
      -- timer.find-visible-case
      select ${caseColumns}, mark
      from case_clock left join timeline_mark using (timeline, partition)
      where case_id = $1 and ($3 or carrier = $2
        or exists (select from case_party where case_party.case_id = case_clock.case_id and party = $2))`,
    values: [caseId, caller.party, caller.kind === "operator"],
  });
  if (row === undefined) return undefined;
  await lines.load(tx, [lineOf(row)]);
  return { ...fromStored(row, lines), mark: row.mark ?? undefined };
}
