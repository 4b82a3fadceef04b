import type { HealthCheck } from "./health.ts";
import type { Log } from "./log.ts";

export interface Loop {
  /** There is work: the present sleep ends, or the running pass is followed by another. Not heard while backing off from an error. */
  wake(): void;
  /** Ends the loop; resolves when the running pass has ended. Twice is fine. Not to be awaited from within `run`. */
  stop(): Promise<void>;
  /** Resolves when a pass that began after this call has succeeded; rejects when the loop stops first. For tests: what was there before has been seen. */
  passes(): Promise<void>;
  /** For liveness: a reason when one pass has been running for longer than `limitMs`. */
  progress(limitMs: number): HealthCheck;
  /** For readiness: a reason when no pass has succeeded for `limitMs`, and the last one failed. */
  success(limitMs: number): HealthCheck;
}

export type LoopOptions = {
  readonly name: string;
  readonly log: Log;
  /** One pass. `signal` is aborted by `stop`. Sleeping for 0 ms only lets others have a turn. */
  readonly run: (signal: AbortSignal) => Promise<{ readonly sleepMs: number }>;
  /** Told of every failed pass, beside the log (at the first failure, then once in 10 s). */
  readonly onError?: (error: unknown) => void;
  /** Doubled from the first to the longest, in milliseconds. Short by default: what waits is late, and an attempt costs little. */
  readonly backOff?: { readonly firstMs: number; readonly longestMs: number };
};

const logAgainMs = 10_000;

/** Starts a worker: `run` again and again until it is stopped, sleeping in between as each pass says. */
export function startLoop(options: LoopOptions): Loop {
  const { name, run } = options;
  const ending = new AbortController();
  const pause = createPause();
  const outcomes = createOutcomes(options);
  let woken = false;
  let waiting: PromiseWithResolvers<void>[] = [];
  let runningSince: number | undefined;

  async function pass(): Promise<void> {
    const witnesses = waiting;
    waiting = [];
    woken = false;
    runningSince = performance.now();
    try {
      const { sleepMs } = await run(ending.signal);
      runningSince = undefined;
      outcomes.succeeded();
      for (const witness of witnesses) witness.resolve();
      if (!ending.signal.aborted) await pause.sleep(woken ? 0 : sleepMs, true);
    } catch (error) {
      runningSince = undefined;
      waiting.push(...witnesses);
      if (ending.signal.aborted) return; // What it was doing was cut off, most likely.
      await pause.sleep(outcomes.failed(error), false);
    }
  }

  async function repeat(): Promise<void> {
    while (!ending.signal.aborted) await pass();
    for (const witness of waiting) witness.reject(new Error(`the loop ${name} has stopped`));
    waiting = [];
  }
  const ended = repeat();

  return {
    wake() {
      woken = true;
      pause.end(false);
    },
    stop() {
      ending.abort();
      pause.end(true);
      return ended;
    },
    passes() {
      if (ending.signal.aborted) return Promise.reject(new Error(`the loop ${name} has stopped`));
      const witness = Promise.withResolvers<void>();
      waiting.push(witness);
      return witness.promise;
    },
    progress: (limitMs) => () => {
      const ranMs = runningSince === undefined ? 0 : performance.now() - runningSince;
      return ranMs > limitMs ? `one pass has been running for ${Math.round(ranMs / 1000)} s` : undefined;
    },
    success: outcomes.success,
  };
}

/** Counts failures in a row: how long to back off, and what to log. */
function createOutcomes({ name, log, onError, backOff = { firstMs: 50, longestMs: 250 } }: LoopOptions) {
  let succeededAt = performance.now();
  let failures = 0;
  let loggedAt = -Infinity;
  return {
    succeeded(): void {
      if (failures > 0) log.info({ loop: name, failures }, "passes succeed again");
      failures = 0;
      loggedAt = -Infinity;
      succeededAt = performance.now();
    },
    /** Answers how long to wait, in milliseconds. */
    failed(error: unknown): number {
      failures += 1;
      if (performance.now() - loggedAt > logAgainMs) {
        loggedAt = performance.now();
        log.warn({ loop: name, failures, err: error }, "a pass failed; it is tried again");
      }
      onError?.(error);
      return Math.min(backOff.longestMs, backOff.firstMs * 2 ** Math.min(failures - 1, 16));
    },
    success: (limitMs: number) => (): string | undefined => {
      const ms = performance.now() - succeededAt;
      return failures > 0 && ms > limitMs ? `no pass has succeeded for ${Math.round(ms / 1000)} s` : undefined;
    },
  };
}

/** One sleeper at a time. A sleep that is not wakeable (a back-off) ends early only by force. */
function createPause() {
  let end: ((force: boolean) => void) | undefined;
  return {
    async sleep(ms: number, wakeable: boolean): Promise<void> {
      const over = Promise.withResolvers<void>();
      end = (force) => {
        if (force || wakeable) over.resolve();
      };
      // A timer of 0 ms takes 1 ms: a loop with work to do goes on in the next turn.
      const timer = ms > 0 ? setTimeout(over.resolve, ms) : undefined;
      if (timer === undefined) setImmediate(over.resolve);
      await over.promise;
      clearTimeout(timer);
      end = undefined;
    },
    end: (force: boolean): void => end?.(force),
  };
}
