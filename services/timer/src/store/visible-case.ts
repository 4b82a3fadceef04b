import type { Instant } from "@crossline/contracts";
import { type CaseReading, type HiddenEntry, lastEventWithout, openReading, accessOf } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { type StoredRow, caseColumns, fromStored, lineOf } from "./case-clocks.ts";
import type { Lines } from "./lines.ts";
import { type Clocks, type StoredView, readClocks } from "./stored-access.ts";

/**
 * The clocks of a case as one company may read them. `endedAt`: the instant at which the reader's last part ended; if it is present,
 * the clocks are as of `endedAt`. `hidden`: the sequences of other companies' internal entries. `lastEventAt`: the instant of the
 * last event that the reader may know.
 */
export type VisibleCase = Clocks & {
  readonly mark: Instant | undefined;
  readonly endedAt?: Instant;
  readonly hidden: readonly number[];
  /** The timer may have lost records of the case. */
  readonly gap: boolean;
};

type VisibleRow = StoredRow & {
  readonly mark: Instant | null;
  readonly reading: CaseReading | null;
  readonly asOf: StoredView | null;
  readonly gap: boolean;
  readonly hidden: readonly (Omit<HiddenEntry, "beforeAt"> & { readonly beforeAt: string })[];
};

/** Returns a case as a party may read it. The operator reads every case. A company without a part in the case gets `undefined`. */
export async function findVisibleCase(
  tx: Tx,
  lines: Lines,
  caseId: string,
  caller: { readonly party: string; readonly kind: string },
): Promise<VisibleCase | undefined> {
  const [row] = await tx.query<VisibleRow>({
    name: "timer.find-visible-case",
    text: `
      -- timer.find-visible-case
      select ${caseColumns}, mark, sights->'reading' as reading,
        exists (select from inbox_gap_mark where key = case_clock.case_id) as gap,
        (select as_of from case_party where case_party.case_id = case_clock.case_id and party = $2) as "asOf",
        (select coalesce(json_agg(json_build_object('sequence', sequence, 'beforeAt', before_at, 'handoff', handoff)
            order by sequence), '[]')
          from internal_entry where internal_entry.case_id = case_clock.case_id and party <> $2 and not $3) as hidden
      from case_clock left join timeline_mark using (timeline, partition)
      where case_id = $1`,
    values: [caseId, caller.party, caller.kind === "operator"],
  });
  if (row === undefined) return undefined;
  const { carrier, asOf, mark } = row;
  const sight = caller.kind === "operator" ? "whole" : accessOf(row.reading ?? openReading(carrier), caller.party);
  if (sight === "nothing" || (sight !== "whole" && asOf === null)) return undefined;
  await lines.load(tx, [asOf === null ? lineOf(row) : asOf.line]);
  if (sight === "whole" || asOf === null)
    return { ...withoutHidden(fromStored(row, lines), row), mark: mark ?? undefined };
  return { ...withoutHidden(readClocks(asOf, row, lines), row), mark: mark ?? undefined, endedAt: asOf.at };
}

/**
 * Adds the hidden entries up to the last record that the clocks include, because the clocks of a former vendor do not include
 * later records.
 */
function withoutHidden({ state, lastEventAt }: Clocks, row: VisibleRow) {
  const hidden = row.hidden
    .filter(({ sequence }) => sequence <= state.read.case)
    .map(({ beforeAt, ...rest }) => ({ ...rest, beforeAt: Date.parse(beforeAt) }));
  return {
    state,
    lastEventAt: lastEventWithout(hidden, state.read, lastEventAt),
    hidden: hidden.map(({ sequence }) => sequence),
    gap: row.gap,
  };
}
