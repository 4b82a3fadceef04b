import type { ReceivedMessage } from "@crossline/contracts";
import { type Database, isTransient, type Tx } from "@crossline/postgres";
import { backoffMs, pause } from "../backoff.ts";
import type { Log, TopicPartition } from "../broker.ts";
import type { Arrival, UnreadableRecord } from "./arrival.ts";
import { redactKey } from "../redact-key.ts";
import { frames, reasonOf } from "./fault-text.ts";
import type { Ownership } from "./ownership.ts";
import type { RecordBuffer } from "./record-buffer.ts";
import type { ConsumerContext } from "./apply-plan.ts";
import type { TransactionResult } from "./transactions.ts";

/** Called as things happen; for counters and alarms. */
export type ConsumerMetrics = {
  applied?(events: readonly ReceivedMessage[], transactionMs: number): void;
  /** Sequences of a key are missing: something was lost on the way. An alarm. */
  gap?(topic: string): void;
  /** Keys of which the first record is missing. An alarm. */
  headless?(topic: string): void;
  /** Records were deleted before they were read, so many of them. An alarm. */
  lost?(topic: string, records: number): void;
  dead?(topic: string): void;
  parked?(topic: string): void;
  /** The database was not to be had; the same is tried again. */
  retried?(): void;
};

export type TransactionRunnerOptions = {
  readonly database: Database;
  readonly group: string;
  readonly buffer: RecordBuffer;
  readonly ownership: Ownership;
  readonly context: ConsumerContext;
  readonly log: Log;
  readonly metrics: ConsumerMetrics;
  readonly onApplied: (events: readonly ReceivedMessage[]) => void;
  readonly signal: AbortSignal;
};

/** `later`: nobody's fault, and the pause before the next try is over. */
export type TransactionOutcome<T> = { readonly done: T } | { readonly fault: unknown } | "later";

/** Runs transactions of a consumer and tells what they did. */
export type TransactionRunner = ReturnType<typeof createTransactionRunner>;

// A database that comes back is to be found at once: with pauses of up to 2 s the clocks, which wait until everything is read,
// fired 2.2 s after an immediate shutdown was over.
const retry = { firstMs: 50, maxMs: 250 };

export function createTransactionRunner(options: TransactionRunnerOptions) {
  const { database, group, log, metrics, signal } = options;
  let failures = 0;
  let runningSince: number | undefined;

  async function later(error: unknown): Promise<"later"> {
    metrics.retried?.();
    if (failures === 0 && !signal.aborted) {
      log.warn({ group, err: error }, "the consumer cannot work now and tries again");
    }
    await pause(backoffMs(failures++, retry.firstMs, retry.maxMs), signal);
    return "later";
  }

  return {
    async run<T extends TransactionResult>(work: (tx: Tx) => Promise<T>): Promise<TransactionOutcome<T>> {
      const startedAt = performance.now();
      runningSince = startedAt;
      try {
        const done = await database.transaction(work, { keepPlans: true });
        if (failures > 0) log.info({ group, failures }, "the consumer works again");
        failures = 0;
        reportResult(options, done, performance.now() - startedAt);
        return { done };
      } catch (error) {
        runningSince = undefined;
        return isTransient(error) ? later(error) : { fault: error };
      } finally {
        runningSince = undefined;
      }
    },

    /** For how long the present transaction has been running, in milliseconds. */
    runningMs: (): number => (runningSince === undefined ? 0 : performance.now() - runningSince),

    /** Not a record's fault, and not a passing one: a person has to look, and everything waits meanwhile. */
    async reportStuck(fault: unknown): Promise<void> {
      log.error({ group, err: fault }, "the consumer cannot go on and tries again");
      await later(fault);
    },

    reportParked({ envelope }: Arrival, fault: unknown): void {
      const { topic, partition, key, sequence } = envelope;
      const fields = {
        group,
        topic,
        partition,
        recordKey: redactKey(key),
        sequence,
        reason: reasonOf(fault),
        at: frames(fault),
      };
      log.error(fields, "a record could not be applied; its case waits for a replay");
      metrics.parked?.(topic);
    },
  };
}

function reportResult(
  options: TransactionRunnerOptions,
  { events, gaps, losses, confirmed, dead, lost }: TransactionResult,
  transactionMs: number,
): void {
  const { group, log, metrics, onApplied } = options;
  const { unconfirmed } = options.context;
  if (lost.length > 0) loseOwnership(options, lost);
  for (const gap of gaps) {
    log.error(
      { group, topic: gap.topic, recordKey: redactKey(gap.key), after: gap.after, next: gap.next },
      "sequences of a key are missing",
    );
    metrics.gap?.(gap.topic);
    if (gap.after === 0) metrics.headless?.(gap.topic);
  }
  for (const loss of losses) {
    log.error({ group, ...loss }, "alarm: records were deleted before they were read");
    // Of a topic that was made again the number is not known.
    metrics.lost?.(loss.topic, Math.max(1, loss.to - loss.from));
  }
  for (const name of confirmed) {
    if (!unconfirmed.delete(name)) continue; // another service has asked
    log.info({ group, partition: name }, "the owner has confirmed its last sequences: what is lost is known");
  }
  // A line for each of thousands would be a fault of its own.
  for (const [reason, unreadable] of Map.groupBy(dead, ({ fault }) => fault)) {
    const { topic, partition, offset } = (unreadable[0] as UnreadableRecord).record;
    const fields = { group, topic, partition, offset, reason, records: unreadable.length };
    log.error(fields, "records that cannot be read went to the dead letters");
  }
  for (const { record } of dead) metrics.dead?.(record.topic);
  if (events.length === 0) return;
  metrics.applied?.(events, transactionMs);
  try {
    onApplied(events);
  } catch (error) {
    log.error({ group, err: error }, "onApplied failed; its events are applied nevertheless");
  }
}

function loseOwnership(
  { group, ownership, buffer, log }: TransactionRunnerOptions,
  lost: readonly (TopicPartition & { readonly owner: string })[],
): void {
  // Under a newer token they may be ours again already.
  const stale = lost.filter((claim) => ownership.token(claim) === claim.owner);
  if (stale.length > 0) log.warn({ group, partitions: stale }, "partitions belong to another member now");
  ownership.release(stale);
  const owners = new Set(lost.map(({ owner }) => owner));
  buffer.drop(
    "another member owns this partition",
    (slice) =>
      owners.has(slice.owner) &&
      lost.some((claim) => claim.topic === slice.topic && claim.partition === slice.partition),
  );
}
