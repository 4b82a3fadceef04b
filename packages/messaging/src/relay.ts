import type { Database, Tx } from "@crossline/postgres";
import { type Tracing, noTracing } from "@crossline/tracing";
import { backoffMs, pause } from "./backoff.ts";
import { type Wakeup, createWakeup } from "./wakeup.ts";
import type { Broker, Log, WireRecord } from "./broker.ts";
import { outboxDepth } from "./outbox.ts";
import { moveToDeadLetters, type OutboxRow, removeRows, takeRows } from "./outbox-rows.ts";
import { RecordTooLargeError, recordBytes, recordBytesMax } from "./record-size.ts";
import { keepSessionAlive, waitForLock } from "./relay-lock.ts";
import { redactKey } from "./redact-key.ts";
import { traceSends } from "./traces.ts";

/** Callbacks for counters. */
export type RelayMetrics = {
  sent?(records: number): void;
  /** The broker refused the records or was unavailable, so the relay retries the send. */
  failed?(): void;
  /** The relay moved records that the broker will never accept to the dead letters. */
  buried?(records: number): void;
};

/** The options of `startRelay`. */
export type RelayOptions = {
  readonly database: Database;
  readonly broker: Broker;
  /** The `ce_source` of all records: the service, as a URI reference (`/crossline/intake`). */
  readonly source: string;
  readonly log: Log;
  readonly metrics?: RelayMetrics;
  readonly tracing?: Tracing;
  /**
   * The longest interval between two polls of a relay without a standby, in milliseconds. Default: 1,000. The statements that keep the
   * session alive have this interval too, and by default 2,000 ms.
   */
  readonly pollMs?: number | undefined;
};

/** The loop that sends the outbox to the broker. */
export type Relay = {
  /** Reports a commit. If no component calls `wake`, the relay finds the row at its next poll. */
  wake(): void;
  /** See `outboxDepth`. */
  depth(): Promise<number>;
  /** True while this process holds the lock and sends. False on standby. */
  active(): boolean;
  /**
   * The time for which the relay has held rows that the broker has not accepted, in milliseconds. The time is 0 if the
   * relay holds no such rows or is on standby.
   */
  stalledMs(): number;
  /** For liveness: the milliseconds since the last step of the relay ended, with success or failure. */
  silentMs(): number;
  /**
   * Resolves when no send is running, or after 2 s. If a send is still running after 2 s, a relay sends its records
   * again later. `stop` can be called twice.
   */
  stop(): Promise<void>;
};

const sendMax = { rows: 500, bytes: 4_000_000 };
const abandonAfterMs = 2_000;
/** The time for which rows gather after a send that took all rows, in milliseconds. */
const gatherMs = 10;
const planOptions = { keepPlans: true };
/**
 * Each process wakes its own relay. Polls find the rows of other processes, which have their relays on standby. Without
 * a standby the relay polls only once a second. (Five polls per second were a tenth of the load of an idle service.)
 */
const poll = { firstMs: 20, maxMs: 200, aloneMs: 1_000 };
const retry = { firstMs: 50, maxMs: 2_000 };
/** The pauses are short, because due firings wait for the relay after an outage of the database. */
const reconnect = { firstMs: 50, maxMs: 250 };

/**
 * Sends the outbox in order until it is stopped. Any number of replicas can run a relay. The relay that holds an
 * advisory lock is active. If the connection of the active relay is lost, another relay takes over within 0.2 s. While
 * the broker is unavailable, all rows stay in the outbox. After a crash, a failed send or a takeover the relay can send
 * records twice, but it never loses a record. Apart from these duplicates, the records of each key stay in order.
 */
export function startRelay(options: RelayOptions): Relay {
  const { database, source, log } = options;
  const stopping = new AbortController();
  const wakeup = createWakeup();
  const progress = createRelayProgress();
  let active = false;

  async function run(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      try {
        await database.session(async (session, lost) => {
          const signal = AbortSignal.any([stopping.signal, lost]);
          if (!(await waitForLock(session, () => progress.rest(), signal))) return;
          attempt = 0;
          active = true;
          log.info({ source }, "the relay has the lock and sends");
          const life = await keepSessionAlive(session, options.pollMs);
          await sendRows(options, session, { wakeup, progress, isAlone: life.isAlone }, signal).finally(life.end);
        }, planOptions);
      } catch (error) {
        if (!stopping.signal.aborted) log.warn({ err: error, source }, "the relay lost its connection and reconnects");
      }
      active = false;
      progress.rest();
      await pause(backoffMs(attempt, reconnect.firstMs, reconnect.maxMs), stopping.signal);
    }
  }

  const running = run();
  return {
    wake: () => wakeup.notify(),
    depth: () => outboxDepth(database),
    active: () => active,
    stalledMs: progress.stalledMs,
    silentMs: progress.silentMs,
    stop() {
      stopping.abort();
      return running;
    },
  };
}

type RelayProgress = ReturnType<typeof createRelayProgress>;

/** Measures the progress of the relay for health checks and metrics. */
function createRelayProgress() {
  let endedAt = performance.now();
  let inHandSince: number | undefined;
  return {
    /** Call when the relay has taken rows, which it holds until the broker has accepted them. */
    begin: (): void => void (inHandSince ??= performance.now()),
    /** Call at the end of a step after which the relay still holds rows. */
    beat: (): void => void (endedAt = performance.now()),
    /** Call at the end of a step after which the relay holds no rows. */
    rest(): void {
      endedAt = performance.now();
      inHandSince = undefined;
    },
    stalledMs: (): number => (inHandSince === undefined ? 0 : performance.now() - inHandSince),
    silentMs: (): number => performance.now() - endedAt,
  };
}

/**
 * The statement that takes the next rows also deletes the sent rows. If more rows wait than fit into one send, the
 * relay takes the next rows during the send. If all waiting rows fit into one send, rows gather for some milliseconds
 * after the send, because each send has a fixed cost. The relay sends a single row without this delay. All statements
 * use the connection that holds the lock.
 */
async function sendRows(
  options: RelayOptions,
  session: Tx,
  {
    wakeup,
    progress,
    isAlone,
  }: { readonly wakeup: Wakeup; readonly progress: RelayProgress; readonly isAlone: () => boolean },
  signal: AbortSignal,
): Promise<void> {
  const { source, log, metrics, pollMs = poll.aloneMs } = options;
  let ahead: Promise<OutboxRow[]> | undefined;
  let sent: number[] = [];
  let failures = 0;
  for (let idleMs = poll.firstMs; !signal.aborted;) {
    if (ahead === undefined) {
      wakeup.clear();
      ahead = takeRows(session, sent, [], sendMax);
      sent = [];
    }
    const rows: OutboxRow[] = await ahead;
    ahead = undefined;
    if (signal.aborted) break;
    if (rows.length === 0) {
      progress.rest();
      await wakeup.wait(idleMs, signal);
      idleMs = Math.min(idleMs * 1.5, isAlone() ? pollMs : poll.maxMs);
      continue;
    }
    idleMs = poll.firstMs;
    progress.begin();
    const ids = rows.map(({ id }) => id);
    const hasMore = rows.length === sendMax.rows;
    if (hasMore) {
      ahead = takeRows(session, sent, ids, sendMax);
      ahead.catch(() => {}); // the next pass awaits this promise, unless the connection ends earlier
      sent = [];
    }
    const outcome = await unlessAbandoned(send(options, session, rows, failures === 0), signal);
    if (outcome === "failed") {
      progress.beat();
      await ahead;
      await pause(backoffMs(failures++, retry.firstMs, retry.maxMs), signal);
    }
    if (outcome !== "failed") progress.rest();
    if (outcome !== "sent") {
      ahead = undefined;
      continue;
    }
    if (failures > 0) log.info({ source, failures }, "the broker accepts records again");
    failures = 0;
    metrics?.sent?.(rows.length);
    sent.push(...ids);
    if (!hasMore) await pause(gatherMs, signal);
  }
  if (sent.length === 0) return;
  await removeRows(session, sent).catch((error: unknown) =>
    log.warn({ err: error, source }, "sent records were not deleted and will be sent again"),
  );
}

/**
 * After a stop the relay waits only a limited time for the running send. With the in-process broker, a send ends only
 * when every group has committed.
 */
async function unlessAbandoned<T>(sending: Promise<T>, signal: AbortSignal): Promise<T | "abandoned"> {
  const { promise: abandoned, resolve } = Promise.withResolvers<"abandoned">();
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => void (timer = setTimeout(() => resolve("abandoned"), abandonAfterMs));
  signal.addEventListener("abort", begin, { once: true });
  try {
    return await Promise.race([sending, abandoned]);
  } finally {
    signal.removeEventListener("abort", begin);
    clearTimeout(timer);
  }
}

async function send(
  { broker, source, log, metrics, tracing = noTracing }: RelayOptions,
  session: Tx,
  rows: readonly OutboxRow[],
  isFirst: boolean,
): Promise<"sent" | "failed" | "buried"> {
  const { records, end } = traceSends(
    tracing,
    rows.map((row) => toRecord(row, source)),
  );
  try {
    await broker.send(records);
    end();
    return "sent";
  } catch (error) {
    end("the broker did not accept it");
    const isTooLarge = (_: OutboxRow, index: number) => recordBytes(records[index] as WireRecord) > recordBytesMax;
    const tooLarge = error instanceof RecordTooLargeError ? rows.filter(isTooLarge) : [];
    if (tooLarge.length > 0) {
      // A record that can never be sent would block all other records for ever. The relay therefore moves the record to
      // the dead letters. Consumers then find a gap in the sequences of the record's key and raise an alarm.
      const reason = `larger than the ${recordBytesMax} bytes that the broker accepts`;
      const ids = tooLarge.map(({ id }) => id);
      await moveToDeadLetters(session, ids, reason);
      const fields = {
        source,
        reason,
        records: tooLarge.map(({ topic, key }) => ({ topic, recordKey: redactKey(key) })),
      };
      log.error(fields, "the relay moved records that can never be sent to the dead letters");
      metrics?.buried?.(tooLarge.length);
      return "buried";
    }
    metrics?.failed?.();
    if (isFirst) log.warn({ err: error, source }, "the broker did not accept records; they stay in the outbox");
    return "failed";
  }
}

function toRecord({ topic, key, partition, headers, body }: OutboxRow, source: string): WireRecord {
  const record = { topic, key, headers: { ...JSON.parse(headers), ce_source: source }, value: body };
  return partition === null ? record : { ...record, partition };
}
