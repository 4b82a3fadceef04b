import { backoffMs, pause } from "./backoff.ts";
import type { FetchedBatch, Log, Positions, SubscribeOptions, TopicPartition } from "./broker.ts";

const firstPauseMs = 50;
const longestPauseMs = 3_000;

/**
 * Delivers a batch until the handler has taken it. Returns false if `ending` aborts before the handler has taken the
 * batch. If the function returns false, the result of the delivery is unknown.
 */
export function deliver(
  options: SubscribeOptions,
  batch: FetchedBatch,
  ending: AbortSignal,
  log: Log,
): Promise<boolean> {
  const { group } = options;
  const { topic, partition } = batch;
  const onFailure = (attempt: number, error: unknown): void =>
    log.warn({ group, topic, partition, attempt, err: error }, "a batch was not taken; it is delivered again");
  return retryUntilResolved(async () => options.onRecords(batch), ending, onFailure).then(({ ended }) => !ended);
}

/**
 * Requests the positions from the handler until the handler returns them. Returns undefined if `ending` aborts before
 * the handler has returned the positions.
 */
export async function requestPositions(
  options: SubscribeOptions,
  partitions: readonly TopicPartition[],
  ending: AbortSignal,
  log: Log,
): Promise<Positions | undefined> {
  const { group } = options;
  const onFailure = (attempt: number, error: unknown): void =>
    log.warn(
      { group, attempt, err: error },
      "the positions of new partitions are not known yet; the request is retried",
    );
  const outcome = await retryUntilResolved(async () => options.onAssigned(partitions), ending, onFailure);
  return outcome.ended ? undefined : outcome.value;
}

/**
 * Retries `work` with back-off until it resolves. If `ending` aborts during a try, waits for that try and does not
 * repeat it.
 */
export async function retryUntilResolved<T>(
  work: () => Promise<T>,
  ending: AbortSignal,
  onFailure: (attempt: number, error: unknown) => void,
): Promise<{ readonly ended: false; readonly value: T } | { readonly ended: true }> {
  for (let attempt = 0; !ending.aborted; attempt++) {
    try {
      return { ended: false, value: await work() };
    } catch (error) {
      onFailure(attempt, error);
      await pause(backoffMs(attempt, firstPauseMs, longestPauseMs), ending);
    }
  }
  return { ended: true };
}
