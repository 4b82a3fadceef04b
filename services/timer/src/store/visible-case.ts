import type { Instant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { type CaseRow, type StoredRow, caseColumns, fromStored } from "./case-clocks.ts";

export type VisibleCase = CaseRow & { readonly mark: Instant | undefined };

/** A case as one party may see it: its carrier, the vendors that it crossed to, the operator. Nothing for anybody else. */
export async function findVisibleCase(
  tx: Tx,
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
  return row === undefined ? undefined : { ...fromStored(row), mark: row.mark ?? undefined };
}
