import type { CaseStatus } from "@crossline/contracts";
import type { LogRow } from "./log-row.ts";
import type { Breach } from "./tally.ts";

/**
 * Counts of the breaches (or first crossings) that say little about the work of a desk. Each breach is in at most one
 * of the two counts.
 */
type DoubtfulCounts = {
  /**
   * The number of breaches (or first crossings) that were due after a row had reopened a closed case without the state
   * `reopened`.
   */
  readonly afterClosing: number;
  /**
   * The number of breaches (or first crossings) that were due after the last row of the log. The cases of these
   * breaches were still open when the log was exported, and the later rows of these cases are unknown.
   */
  readonly afterLogsEnd: number;
};

/** The doubtful parts of the report's counts, which the report also shows separately. */
export type SeparateCounts = {
  /** The number of rows that show a closed case as open, although no row since the closing has the state `reopened`. */
  readonly rowsAfterClosing: number;
  /** The number of cases that have rows in `rowsAfterClosing`. */
  readonly casesAfterClosing: number;
  readonly breaches: DoubtfulCounts;
  readonly crossings: DoubtfulCounts;
};

const ended: ReadonlySet<CaseStatus> = new Set(["closed", "rejected", "cancelled"]);

/**
 * Counts doubtful rows, breaches and crossings. `crossings` contains, for each case that would have crossed, the breach
 * that would have caused the crossing.
 */
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
      // A row at exactly the due instant is in time, so the breached clock started at an earlier row.
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

/**
 * Returns true for each row that shows a closed case as open, although no row since the closing has the state
 * `reopened`.
 */
function reopensSilently(rows: readonly LogRow[]): boolean[] {
  let wasClosed = false;
  return rows.map(({ status }) => {
    if (status === "reopened") wasClosed = false;
    else if (ended.has(status)) wasClosed = true;
    return wasClosed && !ended.has(status);
  });
}
