import type { Database, Tx } from "@crossline/postgres";
import { type Tracing, noTracing } from "@crossline/tracing";
import { backoffMs, pause } from "./backoff.ts";
import { type Wakeup, createWakeup } from "./wakeup.ts";
import type { Broker, Log, WireRecord } from "./broker.ts";
import { outboxDepth } from "./outbox.ts";
import { buryRows, type OutboxRow, removeRows, takeRows } from "./outbox-rows.ts";
import { RecordTooLargeError, recordBytes, recordBytesMax } from "./record-size.ts";
import { keepSessionAlive, waitForLock } from "./relay-lock.ts";
import { redactKey } from "./redact-key.ts";
import { traceSends } from "./traces.ts";

/** Called as things happen; for counters. */
export type RelayMetrics = {
  sent?(records: number): void;
  /** The broker refused or could not be reached; tried again. */
  failed?(): void;
  /** Rows that no broker will take went to the dead letters. */
  buried?(records: number): void;
};

export type RelayOptions = {
  readonly database: Database;
  readonly broker: Broker;
  /** `ce_source` of everything that is sent: the service, as a URI reference (`/crossline/intake`). */
  readonly source: string;
  readonly log: Log;
  readonly metrics?: RelayMetrics;
  readonly tracing?: Tracing;
};

export type Relay = {
  /** Says that something was just committed: without it a row is found by looking, up to a second later. */
  wake(): void;
  /** See `outboxDepth`. */
  depth(): Promise<number>;
  /** True while this process holds the lock and sends; false on standby. */
  active(): boolean;
  /** For how long, in milliseconds, rows have been in hand that the broker has not taken; 0 when none are, and on standby. */
  stalledMs(): number;
  /** For liveness: milliseconds since a step of the relay came to an end, well or not. */
  silentMs(): number;
  /** Resolves when nothing is being sent any more, or 2 s later: what was on its way then is sent again. Twice is fine. */
  stop(): Promise<void>;
};

const sendMax = { rows: 500, bytes: 4_000_000 };
const abandonAfterMs = 2_000;
/** How long rows are left to gather after a send that took all there were. */
const gatherMs = 10;
const kept = { keepPlans: true };
/**
 * Its own process wakes a relay; what it finds by looking are rows of other processes, which have a relay each, on standby: while
 * there is none it looks once a second. (Five looks a second were a tenth of what an idle service used.)
 */
const poll = { firstMs: 20, maxMs: 200, aloneMs: 1_000 };
const retry = { firstMs: 50, maxMs: 2_000 };
/** As the consumer's: what fires when the database is back waits for the relay to go on. */
const reconnect = { firstMs: 50, maxMs: 250 };

/**
 * Sends what is in the outbox, in order, until it is stopped. Any number of replicas may run one: an advisory lock lets
 * one of them work, and another takes over within 0.2 s when its connection is gone. While the broker is away everything
 * stays where it is. Records may be sent twice (after a crash, a failed send, a take-over), never lost, and never in
 * another order per key, but for repetitions.
 */
export function startRelay(options: RelayOptions): Relay {
  const { database, source, log } = options;
  const stopping = new AbortController();
  const wakeup = createWakeup();
  const pulse = createRelayProgress();
  let active = false;

  async function run(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      try {
        await database.session(async (session, lost) => {
          const signal = AbortSignal.any([stopping.signal, lost]);
          if (!(await waitForLock(session, () => pulse.rest(), signal))) return;
          attempt = 0;
          active = true;
          log.info({ source }, "the relay has the lock and sends");
          const life = await keepSessionAlive(session);
          await sendRows(options, session, { wakeup, pulse, isAlone: life.isAlone }, signal).finally(life.end);
        }, kept);
      } catch (error) {
        if (!stopping.signal.aborted) log.warn({ err: error, source }, "the relay lost its connection and tries again");
      }
      active = false;
      pulse.rest();
      await pause(backoffMs(attempt, reconnect.firstMs, reconnect.maxMs), stopping.signal);
    }
  }

  const running = run();
  return {
    wake: () => wakeup.notify(),
    depth: () => outboxDepth(database),
    active: () => active,
    stalledMs: pulse.stalledMs,
    silentMs: pulse.silentMs,
    stop() {
      stopping.abort();
      return running;
    },
  };
}

type RelayProgress = ReturnType<typeof createRelayProgress>;

/** What the relay's health is judged by. */
function createRelayProgress() {
  let endedAt = performance.now();
  let inHandSince: number | undefined;
  return {
    /** Rows are in hand, and stay so until the broker has taken them. */
    begin: (): void => void (inHandSince ??= performance.now()),
    /** A step ended that left the rows in hand. */
    beat: (): void => void (endedAt = performance.now()),
    /** Nothing is in hand. */
    rest(): void {
      endedAt = performance.now();
      inHandSince = undefined;
    },
    stalledMs: (): number => (inHandSince === undefined ? 0 : performance.now() - inHandSince),
    silentMs: (): number => performance.now() - endedAt,
  };
}

/**
 * What was sent is removed by the statement that takes the next rows. While there are more than one send takes, the next are
 * taken during the send; else rows are left to gather for some milliseconds after a send, since each costs the same
 * however few they are. A row that comes alone is sent at once. One connection does all of it, the one that holds the lock.
 */
async function sendRows(
  options: RelayOptions,
  session: Tx,
  {
    wakeup,
    pulse,
    isAlone,
  }: { readonly wakeup: Wakeup; readonly pulse: RelayProgress; readonly isAlone: () => boolean },
  signal: AbortSignal,
): Promise<void> {
  const { source, log, metrics } = options;
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
      pulse.rest();
      await wakeup.wait(idleMs, signal);
      idleMs = Math.min(idleMs * 1.5, isAlone() ? poll.aloneMs : poll.maxMs);
      continue;
    }
    idleMs = poll.firstMs;
    pulse.begin();
    const ids = rows.map(({ id }) => id);
    const hasMore = rows.length === sendMax.rows;
    if (hasMore) {
      ahead = takeRows(session, sent, ids, sendMax);
      ahead.catch(() => {}); // looked at in the next round, or dropped with the connection
      sent = [];
    }
    const outcome = await unlessAbandoned(send(options, session, rows, failures === 0), signal);
    if (outcome === "failed") {
      pulse.beat();
      await ahead;
      await pause(backoffMs(failures++, retry.firstMs, retry.maxMs), signal);
    }
    if (outcome !== "failed") pulse.rest();
    if (outcome !== "sent") {
      ahead = undefined;
      continue;
    }
    if (failures > 0) log.info({ source, failures }, "the broker takes records again");
    failures = 0;
    metrics?.sent?.(rows.length);
    sent.push(...ids);
    if (!hasMore) await pause(gatherMs, signal);
  }
  if (sent.length === 0) return;
  await removeRows(session, sent).catch((error: unknown) =>
    log.warn({ err: error, source }, "sent records were not removed and will be sent again"),
  );
}

/** A send that has begun is waited for, but not for ever: in memory it ends only when every group has committed. */
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
    end("the broker did not take it");
    const isTooLarge = (_: OutboxRow, index: number) => recordBytes(records[index] as WireRecord) > recordBytesMax;
    const culprits = error instanceof RecordTooLargeError ? rows.filter(isTooLarge) : [];
    if (culprits.length > 0) {
      // One record that can never be sent would hold up all others for ever. Its key goes on with a gap: an alarm.
      const reason = `larger than the ${recordBytesMax} bytes that a broker takes`;
      const ids = culprits.map(({ id }) => id);
      await buryRows(session, ids, reason);
      const fields = {
        source,
        reason,
        records: culprits.map(({ topic, key }) => ({ topic, recordKey: redactKey(key) })),
      };
      log.error(fields, "records that can never be sent went to the dead letters");
      metrics?.buried?.(culprits.length);
      return "buried";
    }
    metrics?.failed?.();
    if (isFirst) log.warn({ err: error, source }, "the broker did not take records, they stay in the outbox");
    return "failed";
  }
}

function toRecord({ topic, key, partition, headers, body }: OutboxRow, source: string): WireRecord {
  const record = { topic, key, headers: { ...JSON.parse(headers), ce_source: source }, value: body };
  return partition === null ? record : { ...record, partition };
}
