import { createLifecycle } from "./lifecycle.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Log } from "./log.ts";

/** Starts the components of a process and registers each with `life`. If `signal` is aborted, the start must give up. */
export type Start = (life: Lifecycle, signal: AbortSignal) => Promise<unknown>;

const startGivesUpMs = 5_000;
const allStopMs = 25_000; // The limit is below 30 s, after which an orchestrator kills the process.
const repeatedSignalMs = 1_000;

/**
 * Runs a service as a process, for `main.ts`.
 *
 * - On SIGTERM, on SIGINT, or when a parent with an IPC channel ends, the components stop in order. The exit code is 0, or 1 if a
 *   component did not stop in time. The same signal within a second counts once, because Ctrl-C reaches the whole process group
 *   and a package manager sends it again. A later signal ends the process at once.
 * - If `start` throws, the components that had started stop, and the exit code is 1.
 * - After an uncaught error the process logs a message and ends at once with exit code 1, because its state is no longer reliable.
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
  if (process.connected) process.on("disconnect", () => void stop("the parent has ended"));

  const starting = Promise.resolve()
    .then(() => start(life, unwanted.signal))
    .then(
      () => undefined,
      (error: unknown) => {
        if (unwanted.signal.aborted) return; // A signal has made the start give up.
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
