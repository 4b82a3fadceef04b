/** What a contestant has seen since it was asked last. */
export type FiringReport = {
  readonly fired: number;
  /** In epoch milliseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** From the due instant on, in milliseconds. */
  readonly lateness: readonly number[];
  /** Events that were fed and not taken yet. */
  readonly waiting: number;
};

/**
 * The contestant's end of `startContestant`: says `ready`, starts when it is told `go`, and tells what it has seen whenever
 * it is asked. Ends with its parent.
 */
export function startWitness(start: () => Promise<void>) {
  let fired = 0;
  let firstAt = Infinity;
  let lastAt = 0;
  let lateness: number[] = [];
  let waiting = 0;

  async function answer(asked: unknown): Promise<void> {
    if (asked === "go") await start();
    const told: FiringReport = { fired, firstAt: firstAt === Infinity ? 0 : firstAt, lastAt, lateness, waiting };
    fired = 0;
    lateness = [];
    process.send?.(told);
  }
  process.on("message", (asked) => void answer(asked));
  process.on("disconnect", () => process.exit());
  setImmediate(() => process.send?.("ready"));

  return {
    saw(dueAt: number, at = Date.now()): void {
      fired++;
      firstAt = Math.min(firstAt, at);
      lastAt = at;
      lateness.push(at - dueAt);
    },
    waits: (count: number): void => void (waiting = count),
  };
}
