import type { CaseStatus } from "@crossline/contracts";
import type { LogRow } from "./log-row.ts";
import type { ObservedLine } from "./observed-line.ts";

/**
 * The rows and firings that the replay of a file must produce. The key of a firing consists of the case and the due instant (ms).
 */
export type ExpectedCounts = {
  readonly rows: number;
  readonly rowsOfCase: ReadonlyMap<string, number>;
  /** The keys of the firings by clock. */
  readonly firings: ReadonlyMap<string, ReadonlySet<string>>;
  /** The clocks whose firings the file alone does not determine. */
  readonly unchecked: ReadonlySet<string>;
};

const holderMustAct: ReadonlySet<CaseStatus> = new Set(["acknowledged", "inProgress", "held", "reopened"]);

/**
 * Calculates the firings of idle clocks from the file alone. A clock fires between two rows of a case if the time
 * between them exceeds the clock's target and the holder must act then. The replay compares the domain's firings with
 * these expected firings, so this code shares no rules with `packages/domain`.
 */
export function expectFirings(
  cases: ReadonlyMap<string, readonly LogRow[]>,
  { idles, unchecked }: Pick<ObservedLine, "idles" | "unchecked">,
): ExpectedCounts {
  const firings = new Map(idles.map(({ name }) => [name, new Set<string>()]));
  const rowsOfCase = new Map<string, number>();
  let rows = 0;
  for (const [caseId, history] of cases) {
    rows += history.length;
    rowsOfCase.set(caseId, history.length);
    for (const [index, row] of history.entries()) {
      if (!holderMustAct.has(row.status)) continue;
      const end = history[index + 1]?.time ?? Infinity; // After the last row the timeline advances until every clock has fired.
      for (const { name, ms } of idles) {
        if (end - row.time > ms) firings.get(name)?.add(firingKey(caseId, row.time + ms));
      }
    }
  }
  return { rows, rowsOfCase, firings, unchecked: new Set(unchecked) };
}

/** Returns the number of expected firings. */
export function firingsIn({ firings }: ExpectedCounts): number {
  return [...firings.values()].reduce((all, { size }) => all + size, 0);
}

/** Returns the key of a firing. The key has two parts: the desk's own number of the case, and the due instant. */
export function firingKey(caseId: string, dueMs: number): string {
  return `${caseId} ${dueMs}`;
}
