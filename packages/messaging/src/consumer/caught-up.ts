import type { PartitionName } from "../broker.ts";
import { partitionName } from "../partition.ts";

const trustAfterMs = 5_000;

/** The end offsets of all partitions at one time. */
type EndOffsets = { readonly at: number; readonly ends: ReadonlyMap<PartitionName, number> };

/**
 * Decides whether a partition is caught up. A partition is caught up if all records that its topics had at one poll of
 * the last `pollAgeMaxMs` are applied. After a failed poll, no partition is caught up until polls have succeeded for 5 s. During
 * these 5 s, records that an outage delayed can still arrive. All times are in milliseconds of one monotonic clock.
 */
export function createCaughtUp(
  topics: readonly string[],
  positionOf: (name: PartitionName) => number | undefined,
  pollAgeMaxMs = 3_000,
) {
  const lagAgeMaxMs = pollAgeMaxMs + 2_000;
  let polls: EndOffsets[] = [];
  let trustedFrom = -Infinity;
  let hasFailed = false;

  return {
    /** A successful poll. A poll that took too long counts as an outage. */
    polled(startedAt: number, endedAt: number, ends: ReadonlyMap<PartitionName, number>): void {
      if (endedAt - startedAt > pollAgeMaxMs) {
        hasFailed = true;
        return;
      }
      if (hasFailed) trustedFrom = startedAt + trustAfterMs;
      hasFailed = false;
      polls = [...polls.filter(({ at }) => at >= endedAt - pollAgeMaxMs), { at: startedAt, ends }];
    },

    /** A failed poll. */
    failed(): void {
      hasFailed = true;
    },

    /** Returns true if the partition is caught up. */
    isCaughtUp(partition: number, now: number): boolean {
      if (hasFailed || now < trustedFrom) return false;
      return polls.some(
        ({ at, ends }) =>
          now - at <= pollAgeMaxMs &&
          topics.every((topic) => {
            const name = partitionName(topic, partition);
            const end = ends.get(name);
            return end !== undefined && (positionOf(name) ?? 0) >= end;
          }),
      );
    },

    /** Milliseconds since the start of the last successful poll; Infinity before the first successful poll. */
    ageMs: (now: number): number => now - (polls.at(-1)?.at ?? -Infinity),

    /**
     * Returns, by topic, the number of records of these partitions that the broker had at the last poll and the
     * consumer has not applied. Returns undefined if the last poll is more than 2 s older than `pollAgeMaxMs`.
     */
    lag(partitions: readonly number[], now: number): Record<string, number> | undefined {
      const last = polls.at(-1);
      if (last === undefined || now - last.at > lagAgeMaxMs) return undefined;
      const lagOf = (name: PartitionName) => Math.max(0, (last.ends.get(name) ?? 0) - (positionOf(name) ?? 0));
      return Object.fromEntries(
        topics.map((topic) => [topic, partitions.reduce((sum, p) => sum + lagOf(partitionName(topic, p)), 0)]),
      );
    },

    /**
     * Returns the total lag of the partitions that have a position. The first offset of a partition without a position
     * is unknown.
     */
    behind(partitions: readonly number[]): number {
      const ends = polls.at(-1)?.ends;
      const behindOf = (name: PartitionName) => Math.max(0, (ends?.get(name) ?? 0) - (positionOf(name) ?? Infinity));
      return topics.reduce(
        (sum, topic) => sum + partitions.reduce((of, p) => of + behindOf(partitionName(topic, p)), 0),
        0,
      );
    },
  };
}
