import { backoffMs, pause } from "./backoff.ts";
import type { FetchedBatch, Log, Positions, SubscribeOptions, TopicPartition } from "./broker.ts";

const firstPauseMs = 50;
const longestPauseMs = 3_000;

/** Hands one batch out until it is taken; false when `ending` came first, and then nobody knows what became of it. */
export function deliver(
  options: SubscribeOptions,
  batch: FetchedBatch,
  ending: AbortSignal,
  log: Log,
): Promise<boolean> {
  const { group } = options;
  const { topic, partition } = batch;
  const tried = (attempt: number, error: unknown): void =>
    log.warn({ group, topic, partition, attempt, err: error }, "records were not taken; they are handed out again");
  return retryUntilResolved(async () => options.onRecords(batch), ending, tried).then(({ ended }) => !ended);
}

/** Asks the owner for its positions until it answers; undefined when `ending` came first. */
export async function requestPositions(
  options: SubscribeOptions,
  partitions: readonly TopicPartition[],
  ending: AbortSignal,
  log: Log,
): Promise<Positions | undefined> {
  const { group } = options;
  const tried = (attempt: number, error: unknown): void =>
    log.warn({ group, attempt, err: error }, "the positions of new partitions are not known yet; asking again");
  const outcome = await retryUntilResolved(async () => options.onAssigned(partitions), ending, tried);
  return outcome.ended ? undefined : outcome.value;
}

/** Tries with back-off until `work` resolves. A try that runs when `ending` comes is waited for, but not repeated. */
export async function retryUntilResolved<T>(
  work: () => Promise<T>,
  ending: AbortSignal,
  tried: (attempt: number, error: unknown) => void,
): Promise<{ readonly ended: false; readonly value: T } | { readonly ended: true }> {
  for (let attempt = 0; !ending.aborted; attempt++) {
    try {
      return { ended: false, value: await work() };
    } catch (error) {
      tried(attempt, error);
      await pause(backoffMs(attempt, firstPauseMs, longestPauseMs), ending);
    }
  }
  return { ended: true };
}
