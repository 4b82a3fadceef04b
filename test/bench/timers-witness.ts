/** The firings of a contestant since the previous report. */
export type FiringReport = {
  readonly fired: number;
  /** In epoch milliseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** For each firing, the milliseconds from the due instant. */
  readonly lateness: readonly number[];
  /** Signs of life that were sent to the contestant and that it has not read yet. */
  readonly waiting: number;
};

/**
 * Runs in the contestant's process, as the counterpart of `timers-processes.ts`. The process sends `ready`, starts the
 * work after `go`, and responds to each request with a report. The process ends with its parent.
 */
export function startWitness(start: () => Promise<void>) {
  let fired = 0;
  let firstAt = Infinity;
  let lastAt = 0;
  let lateness: number[] = [];
  let waiting = 0;

  async function respond(request: unknown): Promise<void> {
    if (request === "go") await start();
    const report: FiringReport = { fired, firstAt: firstAt === Infinity ? 0 : firstAt, lastAt, lateness, waiting };
    fired = 0;
    lateness = [];
    process.send?.(report);
  }
  process.on("message", (request) => void respond(request));
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
