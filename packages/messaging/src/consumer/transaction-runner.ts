import type { ReceivedMessage } from "@crossline/contracts";
import { type Database, isTransient, type Tx } from "@crossline/postgres";
import { backoffMs, pause } from "../backoff.ts";
import type { Log, TopicPartition } from "../broker.ts";
import type { Arrival, UnreadableRecord } from "./arrival.ts";
import { redactKey } from "../redact-key.ts";
import { stackFrames, reasonOf } from "./fault-text.ts";
import type { Ownership } from "./ownership.ts";
import type { RecordBuffer } from "./record-buffer.ts";
import type { ConsumerContext } from "./apply-plan.ts";
import type { TransactionResult } from "./transactions.ts";

/** The callbacks that update counters and alarms. */
export type ConsumerMetrics = {
  applied?(events: readonly ReceivedMessage[], transactionMs: number): void;
  /** Sequences of a key are missing, so records were lost. An alarm. */
  gap?(topic: string): void;
  /** The first record of a key is missing. An alarm. */
  headless?(topic: string): void;
  /** Kafka deleted this number of records before the consumer read them. An alarm. */
  lost?(topic: string, records: number): void;
  dead?(topic: string): void;
  parked?(topic: string): void;
  /** The database had a transient fault, and the transaction is retried. */
  retried?(): void;
};

/** The options of `createTransactionRunner`. */
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

/** `later` means that a transient fault occurred and that the pause before the next try has ended. */
export type TransactionOutcome<T> = { readonly done: T } | { readonly fault: unknown } | "later";

/** Runs the transactions of a consumer and reports their results. */
export type TransactionRunner = ReturnType<typeof createTransactionRunner>;

// The pauses are short, because clocks fire only after the consumer has applied all records. With pauses of up to 2 s,
// clocks fired 2.2 s after the restart of a database.
const retry = { firstMs: 50, maxMs: 250 };

/** Creates the runner of one consumer. */
export function createTransactionRunner(options: TransactionRunnerOptions) {
  const { database, group, log, metrics, signal } = options;
  let failures = 0;
  let runningSince: number | undefined;

  async function later(error: unknown): Promise<"later"> {
    metrics.retried?.();
    if (failures === 0 && !signal.aborted) {
      log.warn({ group, err: error }, "the consumer retries after a transient fault of the database");
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

    /** The running time of the present transaction, in milliseconds; 0 without a transaction. */
    runningMs: (): number => (runningSince === undefined ? 0 : performance.now() - runningSince),

    /**
     * Reports a fault that is not transient and that no single record causes. The consumer cannot continue until an
     * operator fixes the fault.
     */
    async reportStuck(fault: unknown): Promise<void> {
      log.error({ group, err: fault }, "the consumer is stuck and retries");
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
        at: stackFrames(fault),
      };
      log.error(fields, "a record could not be applied; its case is parked until a retry");
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
    // If the topic was created again, the number of lost records is unknown.
    metrics.lost?.(loss.topic, Math.max(1, loss.to - loss.from));
  }
  for (const name of confirmed) {
    if (!unconfirmed.delete(name)) continue; // another service requested this confirmation
    log.info({ group, partition: name }, "the owner has confirmed its last sequences; the lost records are known");
  }
  // The runner logs one message for each reason, because thousands of messages would be a fault in themselves.
  for (const [reason, unreadable] of Map.groupBy(dead, ({ fault }) => fault)) {
    const { topic, partition, offset } = (unreadable[0] as UnreadableRecord).record;
    const fields = { group, topic, partition, offset, reason, records: unreadable.length };
    log.error(fields, "records that cannot be parsed became dead letters");
  }
  for (const { record } of dead) metrics.dead?.(record.topic);
  if (events.length === 0) return;
  metrics.applied?.(events, transactionMs);
  try {
    onApplied(events);
  } catch (error) {
    log.error({ group, err: error }, "onApplied failed; its events are applied");
  }
}

function loseOwnership(
  { group, ownership, buffer, log }: TransactionRunnerOptions,
  lost: readonly (TopicPartition & { readonly owner: string })[],
): void {
  // This member may already own these partitions again, under a newer token.
  const stale = lost.filter((claim) => ownership.token(claim) === claim.owner);
  if (stale.length > 0) log.warn({ group, partitions: stale }, "another member owns these partitions now");
  ownership.release(stale);
  const owners = new Set(lost.map(({ owner }) => owner));
  buffer.drop(
    "another member owns this partition",
    (slice) =>
      owners.has(slice.owner) &&
      lost.some((claim) => claim.topic === slice.topic && claim.partition === slice.partition),
  );
}
