import type { Instant } from "@crossline/contracts";
import { type CaseReading, openReading, sightOf } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { type StoredRow, caseColumns, fromStored, lineOf } from "./case-clocks.ts";
import type { Lines } from "./lines.ts";
import { type Clocks, type StoredView, readClocks } from "./sights.ts";

/** `endedAt`: the reader's last part ended then, and these are the clocks of that moment. */
export type VisibleCase = Clocks & { readonly mark: Instant | undefined; readonly endedAt?: Instant };

type Found = StoredRow & {
  readonly mark: Instant | null;
  readonly reading: CaseReading | null;
  readonly asOf: StoredView | null;
};

/** A case as a party reads it. The operator reads all of each case; a company without a part in it reads nothing. */
export async function findVisibleCase(
  tx: Tx,
  lines: Lines,
  caseId: string,
  caller: { readonly party: string; readonly kind: string },
): Promise<VisibleCase | undefined> {
  const [row] = await tx.query<Found>({
    name: "timer.find-visible-case",
    text: `
      -- timer.find-visible-case
      select ${caseColumns}, mark, sights->'reading' as reading,
        (select as_of from case_party where case_party.case_id = case_clock.case_id and party = $2) as "asOf"
      from case_clock left join timeline_mark using (timeline, partition)
      where case_id = $1`,
    values: [caseId, caller.party],
  });
  if (row === undefined) return undefined;
  const { carrier, asOf, mark } = row;
  const sight = caller.kind === "operator" ? "whole" : sightOf(row.reading ?? openReading(carrier), caller.party);
  if (sight === "nothing" || (sight !== "whole" && asOf === null)) return undefined;
  await lines.load(tx, [asOf === null ? lineOf(row) : asOf.line]);
  if (sight === "whole" || asOf === null) return { ...fromStored(row, lines), mark: mark ?? undefined };
  return { ...readClocks(asOf, row, lines), mark: mark ?? undefined, endedAt: asOf.at };
}
