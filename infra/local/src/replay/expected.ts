import type { LogRow } from "./log.ts";

/** What must fire: the case, the clock and the instant (ms) at which it was due, in one word each. */
export type Expected = {
  readonly rows: number;
  readonly rowsOfCase: ReadonlyMap<string, number>;
  /** Per clock, the keys of its firings. */
  readonly firings: ReadonlyMap<string, ReadonlySet<string>>;
};

/** An idle clock, as given on the command line. */
export type Idle = { readonly name: string; readonly ms: number };

/**
 * Works out from the file alone which idle clocks must fire: each stretch between two rows of a case, begun new or
 * active, that is longer than the clock. Deliberately shares nothing with `packages/domain`: it is what that is held against.
 */
export function expectFirings(cases: ReadonlyMap<string, readonly LogRow[]>, idles: readonly Idle[]): Expected {
  const firings = new Map(idles.map(({ name }) => [name, new Set<string>()]));
  const rowsOfCase = new Map<string, number>();
  let rows = 0;
  for (const [caseId, history] of cases) {
    rows += history.length;
    rowsOfCase.set(caseId, history.length);
    for (const [index, row] of history.entries()) {
      if (row.status !== "acknowledged" && row.status !== "inProgress") continue;
      const end = history[index + 1]?.time ?? Infinity; // The end mark lies beyond every clock.
      for (const { name, ms } of idles) {
        if (end - row.time > ms) firings.get(name)?.add(firingKey(caseId, row.time + ms));
      }
    }
  }
  return { rows, rowsOfCase, firings };
}

/** One firing of one clock: the case by the desk's own number, and when it was due. */
export function firingKey(caseId: string, dueMs: number): string {
  return `${caseId} ${dueMs}`;
}
