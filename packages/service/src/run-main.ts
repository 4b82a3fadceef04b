import { createLifecycle } from "./lifecycle.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Log } from "./log.ts";

/** Starts a process' parts and registers each with `life` as it comes up. `signal` says that nobody wants it any more. */
export type Start = (life: Lifecycle, signal: AbortSignal) => Promise<unknown>;

const startGivesUpMs = 5_000;
const allStopMs = 25_000; // An orchestrator kills after 30 s.
const repeatedSignalMs = 1_000;

/**
 * Runs a service as a process, for `main.ts`.
 *
 * - SIGTERM, SIGINT, or the parent gone (where it was started with a channel to it): stops in order; exit 0, or 1 when a
 *   part did not stop in time. The same signal again within a second is taken for the same one (Ctrl-C reaches the whole
 *   group, and a package manager passes it on once more); later it means "now".
 * - `start` throws: what had started is stopped; exit 1.
 * - An uncaught error: a log line; exit 1 at once, since the process' state can no longer be trusted.
 */
export function runMain(log: Log, start: Start): void {
  const life = createLifecycle(log);
  const unwanted = new AbortController();
  let startFailed = false;
  let stoppingSince: number | undefined;

  const exitOnBug = (error: unknown) => {
    log.fatal({ err: error }, "an uncaught error ends the process");
    process.exit(1);
  };
  process.on("uncaughtException", exitOnBug);
  process.on("unhandledRejection", exitOnBug);

  async function stop(reason: string): Promise<void> {
    if (stoppingSince !== undefined) return;
    stoppingSince = performance.now();
    log.info({ reason }, "stopping");
    unwanted.abort();
    setTimeout(() => {
      log.error({ limitMs: allStopMs }, "stopping took too long");
      process.exit(1);
    }, allStopMs).unref();
    await Promise.race([starting, delay(startGivesUpMs)]);
    const clean = await life.stop();
    log.info({ clean, tookMs: Math.round(performance.now() - stoppingSince) }, "stopped");
    process.exit(clean && !startFailed ? 0 : 1);
  }

  function onSignal(name: NodeJS.Signals): void {
    if (stoppingSince !== undefined && performance.now() - stoppingSince > repeatedSignalMs) {
      log.warn({ signal: name }, "a second signal ends the process at once");
      process.exit(1);
    }
    void stop(name);
  }
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  if (process.connected) process.on("disconnect", () => void stop("the parent is gone"));

  const starting = Promise.resolve()
    .then(() => start(life, unwanted.signal))
    .then(
      () => undefined,
      (error: unknown) => {
        if (unwanted.signal.aborted) return; // It was told to give up, and did.
        startFailed = true;
        log.fatal({ err: error }, "could not start");
        queueMicrotask(() => void stop("could not start"));
      },
    );
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
