import type { CaseStatus } from "@crossline/contracts";
import type { LogRow } from "./log-row.ts";
import type { Breach } from "./tally.ts";

/** Breaches, or cases by their first crossing, that say little of how a desk works. None is in both counts. */
type DoubtfulCounts = {
  /** Due after a row that reopened a closed case and did not say so. */
  readonly afterClosing: number;
  /** Due later than the log's last row: the case was merely open when the log was exported. */
  readonly afterLogsEnd: number;
};

/** What is kept apart from what was counted. The counts contain it. */
export type SeparateCounts = {
  /** Rows of a closed case that is in another state by then, though no row said `reopened`, and the cases that have some. */
  readonly rowsAfterClosing: number;
  readonly casesAfterClosing: number;
  readonly breaches: DoubtfulCounts;
  readonly crossings: DoubtfulCounts;
};

const ended: ReadonlySet<CaseStatus> = new Set(["closed", "rejected", "cancelled"]);

/** Counts what a log says little of; `crossings` has the breach by which each case would have crossed. */
export function countSeparately(
  cases: ReadonlyMap<string, readonly LogRow[]>,
  breaches: Iterable<Breach>,
  crossings: Iterable<Breach>,
): SeparateCounts {
  const reopened = new Map([...cases].map(([caseId, rows]) => [caseId, reopensSilently(rows)]));
  const lastMs = [...cases.values()].reduce((latest, rows) => Math.max(latest, rows.at(-1)?.time ?? 0), 0);
  const doubtful = (some: Iterable<Breach>): DoubtfulCounts => {
    let [afterClosing, afterLogsEnd] = [0, 0];
    for (const { caseId, dueMs } of some) {
      // A row at the very instant comes in time: the clock counted from an earlier one.
      const from = (cases.get(caseId) ?? []).findLastIndex(({ time }) => time < dueMs);
      if (reopened.get(caseId)?.[from] === true) afterClosing++;
      else if (dueMs > lastMs) afterLogsEnd++;
    }
    return { afterClosing, afterLogsEnd };
  };
  const rowsOfCases = [...reopened.values()].map((rows) => rows.filter(Boolean).length);
  return {
    rowsAfterClosing: rowsOfCases.reduce((all, rows) => all + rows, 0),
    casesAfterClosing: rowsOfCases.filter((rows) => rows > 0).length,
    breaches: doubtful(breaches),
    crossings: doubtful(crossings),
  };
}

/** Row by row: whether the case was closed before and is in another state now, though no row said `reopened`. */
function reopensSilently(rows: readonly LogRow[]): boolean[] {
  let wasClosed = false;
  return rows.map(({ status }) => {
    if (status === "reopened") wasClosed = false;
    else if (ended.has(status)) wasClosed = true;
    return wasClosed && !ended.has(status);
  });
}
