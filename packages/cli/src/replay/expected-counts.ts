import type { CaseStatus } from "@crossline/contracts";
import type { LogRow } from "./log-row.ts";
import type { ObservedLine } from "./observed-line.ts";

/** What must fire: the case, the clock and the instant (ms) at which it was due, in one word each. */
export type ExpectedCounts = {
  readonly rows: number;
  readonly rowsOfCase: ReadonlyMap<string, number>;
  /** Per clock, the keys of its firings. */
  readonly firings: ReadonlyMap<string, ReadonlySet<string>>;
  /** Clocks of which the file alone does not say when they fire. */
  readonly unchecked: ReadonlySet<string>;
};

const holdersTurn: ReadonlySet<CaseStatus> = new Set(["acknowledged", "inProgress", "held", "reopened"]);

/**
 * Works out from the file alone which idle clocks must fire: each stretch between two rows of a case, begun while it
 * was the holder's turn, that is longer than the clock. Deliberately shares nothing with `packages/domain`: it is what that is held against.
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
      if (!holdersTurn.has(row.status)) continue;
      const end = history[index + 1]?.time ?? Infinity; // The end mark lies beyond every clock.
      for (const { name, ms } of idles) {
        if (end - row.time > ms) firings.get(name)?.add(firingKey(caseId, row.time + ms));
      }
    }
  }
  return { rows, rowsOfCase, firings, unchecked: new Set(unchecked) };
}

/** How many firings the file asks for. */
export function firingsIn({ firings }: ExpectedCounts): number {
  return [...firings.values()].reduce((all, { size }) => all + size, 0);
}

/** One firing of one clock: the case by the desk's own number, and when it was due. */
export function firingKey(caseId: string, dueMs: number): string {
  return `${caseId} ${dueMs}`;
}
