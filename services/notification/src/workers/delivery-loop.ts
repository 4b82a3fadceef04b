import type { Secrets } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { type Log, type Loop, startLoop } from "@crossline/service";
import { type Tracing, noTracing } from "@crossline/tracing";
import { bundlePages } from "../commands/bundle-pages.ts";
import { endOvertakenPages } from "../commands/end-overtaken-pages.ts";
import type { UnreachableAlarms } from "../commands/publish-abandoned.ts";
import { type Settings, diallingOf } from "../config.ts";
import { type Transports, attempt } from "../delivery/attempt.ts";
import { createMailer } from "../delivery/mailer.ts";
import { type AttemptResult, createSender } from "../delivery/send.ts";
import { traceAttempt } from "../delivery/trace-attempt.ts";
import { circuitOpensAfter } from "../delivery/verdict.ts";
import { type ClaimedDelivery, claimDue, nextDueInMs } from "../store/claim.ts";
import type { AttemptOutcome } from "../store/outcome.ts";
import { findSecrets } from "../store/signing-secrets.ts";
import { startRecorder } from "./recorder.ts";

export type DeliveryLoopDeps = {
  readonly settings: Settings;
  readonly database: Database;
  readonly log: Log;
  /** The counters of attempts. */
  readonly counters: {
    countAttempt(result: AttemptResult): void;
    countOutcomes(outcomes: readonly AttemptOutcome[]): void;
    reportUnreachable(alarms: UnreachableAlarms): void;
    countOvertaken(count: number): void;
  };
  readonly tracing?: Tracing;
  /** The loop calls this function after a commit that added messages to the outbox. */
  readonly onPublished: () => void;
};

/** The loop that claims due deliveries. `progress` and `success` are the health checks of this loop. */
export type DeliveryLoop = Pick<Loop, "progress" | "success"> & {
  /** Wakes the loop, since a delivery may be due. */
  wake(): void;
  /**
   * Stops claiming deliveries, waits some seconds for running attempts, and aborts the attempts that still run. The deliveries of
   * aborted attempts become due again.
   */
  stop(): Promise<void>;
};

const idleMs = 1_000; // The poll finds deliveries that other processes made. This process wakes the loop for its own deliveries.
const leastMs = 10;
const endWithinMs = 3_000;

/**
 * Starts the loop that sends due deliveries within the limits. Attempts run concurrently, and each attempt frees its place when
 * it ends.
 */
export function startDeliveryLoop(deps: DeliveryLoopDeps): DeliveryLoop {
  const { settings, database, log, tracing = noTracing, counters, onPublished } = deps;
  const { timeoutMs, privateAddresses, pace } = settings;
  const sender = createSender({ timeoutMs, privateAddresses });
  const ways: Transports = { sender, mailer: createMailer(settings.mail, timeoutMs) };
  const recorder = startRecorder({
    database,
    log,
    policy: settings.retry,
    onRecorded({ outcomes, alarms }) {
      counters.countOutcomes(outcomes);
      counters.reportUnreachable(alarms);
      onPublished();
    },
  });
  const onOvertaken = (count: number): void => {
    counters.countOvertaken(count);
    onPublished();
  };
  const running = new Map<ClaimedDelivery, Promise<void>>();
  const stopping = new AbortController();

  async function deliver(claimed: ClaimedDelivery, secrets: Secrets): Promise<void> {
    const traced = traceAttempt(tracing, claimed);
    const result = await attempt(ways, { ...claimed, secrets, traceparent: traced.traceparent }, stopping.signal);
    traced.end(result);
    // The stop of the loop aborted the attempt, so the result is neither counted nor recorded.
    if (stopping.signal.aborted) return;
    counters.countAttempt(result);
    await recorder.record({ claimed, result });
  }

  function begin(claimed: ClaimedDelivery, secrets: Secrets): void {
    const attemptEnd = deliver(claimed, secrets)
      .catch((error: unknown) => log.warn({ err: error }, "an attempt could not be saved and will be repeated"))
      .finally(() => {
        running.delete(claimed);
        loop.wake();
      });
    running.set(claimed, attemptEnd);
  }

  async function run(): Promise<{ sleepMs: number }> {
    if (running.size >= settings.atOnce.total) return { sleepMs: idleMs };
    const claimed = await claimWithin(database, settings, [...running.keys()]);
    if (claimed.length === 0)
      return { sleepMs: Math.min(idleMs, Math.max(leastMs, (await nextDueInMs(database)) ?? idleMs)) };
    const current = await endOvertakenPages(database, claimed, onOvertaken);
    const ready = await bundlePages(database, current, { pace, dialling: diallingOf(settings), onOvertaken });
    const secretsOf = await findSecrets(database, ready);
    for (const delivery of ready) {
      const secrets = secretsOf(delivery);
      if (secrets !== undefined) begin(delivery, secrets);
    }
    return { sleepMs: 0 };
  }

  const loop = startLoop({ name: "delivery-dispatcher", log, run });
  return {
    wake: () => loop.wake(),
    async stop() {
      await loop.stop();
      // The wait for attempts has a limit, because notification cannot record an attempt while Postgres is down.
      await endedWithin([...running.values()], endWithinMs);
      stopping.abort();
      await recorder.stop();
      await sender.close();
    },
    progress: (limitMs) => loop.progress(limitMs),
    success: (limitMs) => loop.success(limitMs),
  };
}

/** Claims due deliveries within the limits of the process, of each receiver and of each party. */
function claimWithin(database: Database, { atOnce, timeoutMs }: Settings, running: readonly ClaimedDelivery[]) {
  const { total, perTarget, perParty } = atOnce;
  const limits = { most: total - running.length, perTarget, perParty, leaseMs: timeoutMs * 1.5 };
  return claimDue(database, { ...limits, openAfter: circuitOpensAfter }, running);
}

async function endedWithin(work: readonly Promise<void>[], ms: number): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  await Promise.race([Promise.all(work), late.promise]);
  clearTimeout(timer);
}
