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
    sent(sent: AttemptResult): void;
    recorded(outcomes: readonly AttemptOutcome[]): void;
    reportUnreachable(alarms: UnreachableAlarms): void;
    overtaken(count: number): void;
  };
  readonly tracing?: Tracing;
  /** Something was appended to the outbox. */
  readonly onPublished: () => void;
};

/** `progress` and `success` are those of the loop that claims what is due. */
export type DeliveryLoop = Pick<Loop, "progress" | "success"> & {
  /** Something may have come due. */
  wake(): void;
  /** Claims nothing more, lets attempts end for some seconds, and breaks off what is left: that comes due again. */
  stop(): Promise<void>;
};

const idleMs = 1_000; // Another process may have made or dropped something; this process wakes the loop itself.
const leastMs = 10;
const endWithinMs = 3_000;

/** Sends what is due, within the limits. Each attempt runs by itself, and frees its place when it has ended. */
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
      counters.recorded(outcomes);
      counters.reportUnreachable(alarms);
      onPublished();
    },
  });
  const onOvertaken = (count: number): void => {
    counters.overtaken(count);
    onPublished();
  };
  const inHand = new Map<ClaimedDelivery, Promise<void>>();
  const breakOff = new AbortController();

  async function deliver(claimed: ClaimedDelivery, secrets: Secrets): Promise<void> {
    const traced = traceAttempt(tracing, claimed);
    const sent = await attempt(ways, { ...claimed, secrets, traceparent: traced.traceparent }, breakOff.signal);
    traced.end(sent);
    if (breakOff.signal.aborted) return; // Not the receiver's doing: it is neither counted nor recorded.
    counters.sent(sent);
    await recorder.record({ claimed, sent });
  }

  function begin(claimed: ClaimedDelivery, secrets: Secrets): void {
    const running = deliver(claimed, secrets)
      .catch((error: unknown) => log.warn({ err: error }, "an attempt is repeated, as it could not be written down"))
      .finally(() => {
        inHand.delete(claimed);
        loop.wake();
      });
    inHand.set(claimed, running);
  }

  async function run(): Promise<{ sleepMs: number }> {
    if (inHand.size >= settings.atOnce.total) return { sleepMs: idleMs };
    const claimed = await claimWithin(database, settings, [...inHand.keys()]);
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
      // Not longer: while the database is away an attempt cannot be recorded.
      await endedWithin([...inHand.values()], endWithinMs);
      breakOff.abort();
      await recorder.stop();
      await sender.close();
    },
    progress: (limitMs) => loop.progress(limitMs),
    success: (limitMs) => loop.success(limitMs),
  };
}

/** Claims what is due, as far as the limits of the process, its receivers and its parties leave room. */
function claimWithin(database: Database, { atOnce, timeoutMs }: Settings, inHand: readonly ClaimedDelivery[]) {
  const { total, perTarget, perParty } = atOnce;
  const limits = { most: total - inHand.length, perTarget, perParty, leaseMs: timeoutMs * 1.5 };
  return claimDue(database, { ...limits, openAfter: circuitOpensAfter }, inHand);
}

async function endedWithin(work: readonly Promise<void>[], ms: number): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  await Promise.race([Promise.all(work), late.promise]);
  clearTimeout(timer);
}
