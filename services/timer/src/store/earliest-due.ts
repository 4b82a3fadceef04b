import type { Instant } from "@crossline/contracts";
import { earliestDue } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { type StoredRow, caseColumns, fromStored, lineOf } from "./case-clocks.ts";
import type { Lines } from "./lines.ts";

const firstPage = 50;

/**
 * Returns the earliest deadline of this timeline, calculated from the states of its cases. The stored due instants may be too early
 * but never too late. The function therefore reads the cases in the order of their stored due instants, until no unread case can have
 * an earlier deadline. If a stored due instant is too early, the scanner corrects the instant only after the mark has passed it.
 */
export async function earliestDueOf(
  tx: Tx,
  lines: Lines,
  timeline: string,
  partitions: number,
): Promise<Instant | undefined> {
  for (let limit = firstPage; ; limit *= 4) {
    const rows = await readEarliest(tx, lines, { timeline, partitions }, limit);
    let earliest = Infinity;
    for (const { state } of rows) {
      earliest = Math.min(earliest, earliestDue(state, lines.get(state.line)) ?? Infinity);
    }
    const isAll = rows.length < limit;
    if (isAll || earliest <= (rows.at(-1)?.dueAt ?? Infinity)) return earliest === Infinity ? undefined : earliest;
  }
}

async function readEarliest(
  tx: Tx,
  lines: Lines,
  { timeline, partitions }: { readonly timeline: string; readonly partitions: number },
  limit: number,
) {
  const rows = await tx.query<StoredRow>({
    name: "timer.read-earliest",
    text: `
      -- timer.read-earliest
      select ${caseColumns} from generate_series(0, $2::integer - 1) as scope (number)
      cross join lateral (
        select * from case_clock
        where timeline = $1 and partition = scope.number and due_at is not null order by due_at limit $3
      ) as earliest
      order by due_at limit $3`,
    values: [timeline, partitions, limit],
  });
  await lines.load(tx, rows.map(lineOf));
  return rows.map((row) => fromStored(row, lines));
}
