import type { HealthCheck } from "./health.ts";
import type { Log } from "./log.ts";

/** A running loop. */
export interface Loop {
  /**
   * Ends the sleep, so that the next pass starts at once. A wake during a pass makes another pass follow at once. A wake during a
   * back-off has no effect.
   */
  wake(): void;
  /** Ends the loop. Resolves when the running pass has ended. `stop` can be called twice. `run` must not await `stop`. */
  stop(): Promise<void>;
  /**
   * Resolves when a pass that began after this call has succeeded. Rejects if the loop stops first. Tests use this function to
   * wait until the loop has done the existing work.
   */
  passes(): Promise<void>;
  /** Returns a check for liveness, which fails if one pass runs for longer than `limitMs`. */
  progress(limitMs: number): HealthCheck;
  /** Returns a check for readiness, which fails if the last pass failed and no pass has succeeded for `limitMs`. */
  success(limitMs: number): HealthCheck;
}

export type LoopOptions = {
  readonly name: string;
  readonly log: Log;
  /** Runs one pass. `stop` aborts `signal`. After a sleep of 0 ms the event loop first runs other code. */
  readonly run: (signal: AbortSignal) => Promise<{ readonly sleepMs: number }>;
  /** Runs after every failed pass. The log gets a message at the first failure and then once in 10 s. */
  readonly onError?: (error: unknown) => void;
  /**
   * The pause after a failed pass. The first pause lasts `firstMs`, and each further failure doubles the pause up to
   * `longestMs`. The defaults are short, because a retry costs little and late work is worse.
   */
  readonly backOff?: { readonly firstMs: number; readonly longestMs: number };
};

const logAgainMs = 10_000;

/**
 * Starts a loop. The loop repeats `run` until it is stopped. After each pass the loop sleeps for the time that the pass requests.
 */
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
      if (ending.signal.aborted) return; // The stop most likely interrupted the work of this pass.
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

/** Counts consecutive failures. The number of failures determines the length of the back-off and the log message. */
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
    /** Returns the time to wait in milliseconds. */
    failed(error: unknown): number {
      failures += 1;
      if (performance.now() - loggedAt > logAgainMs) {
        loggedAt = performance.now();
        log.warn({ loop: name, failures, err: error }, "a pass failed; the loop retries it");
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

/**
 * Creates a function that lets a loop sleep. Only one sleep can run at a time. A sleep that is not wakeable (a back-off) ends early only with `force`.
 */
function createPause() {
  let end: ((force: boolean) => void) | undefined;
  return {
    async sleep(ms: number, wakeable: boolean): Promise<void> {
      const over = Promise.withResolvers<void>();
      end = (force) => {
        if (force || wakeable) over.resolve();
      };
      // A timer of 0 ms takes 1 ms. With setImmediate, a loop that has work continues in the next turn of the event
      // loop.
      const timer = ms > 0 ? setTimeout(over.resolve, ms) : undefined;
      if (timer === undefined) setImmediate(over.resolve);
      await over.promise;
      clearTimeout(timer);
      end = undefined;
    },
    end: (force: boolean): void => end?.(force),
  };
}
