import type { PartitionName } from "../broker.ts";
import { partitionName } from "../partition.ts";

const lookAgeMaxMs = 3_000;
const trustAfterMs = 5_000;
const lagAgeMaxMs = 5_000;

/** What the broker held at one moment. */
type EndOffsets = { readonly at: number; readonly ends: ReadonlyMap<PartitionName, number> };

/**
 * Judges whether a partition is read to its end: everything that its topics held at some moment, at most 3 s ago, has been
 * applied. After a failed look 5 s of good ones come first: what was held back by an outage is still on its way then.
 * Times are of any steady clock, in ms.
 */
export function createCaughtUp(topics: readonly string[], positionOf: (name: PartitionName) => number | undefined) {
  let looks: EndOffsets[] = [];
  let trustedFrom = -Infinity;
  let wasBad = false;

  return {
    /** A good look, begun at `startedAt`. One that took too long tells of an outage too. */
    looked(startedAt: number, endedAt: number, ends: ReadonlyMap<PartitionName, number>): void {
      if (endedAt - startedAt > lookAgeMaxMs) {
        wasBad = true;
        return;
      }
      if (wasBad) trustedFrom = startedAt + trustAfterMs;
      wasBad = false;
      looks = [...looks.filter(({ at }) => at >= endedAt - lookAgeMaxMs), { at: startedAt, ends }];
    },

    failed(): void {
      wasBad = true;
    },

    isCaughtUp(partition: number, now: number): boolean {
      if (wasBad || now < trustedFrom) return false;
      return looks.some(
        ({ at, ends }) =>
          now - at <= lookAgeMaxMs &&
          topics.every((topic) => {
            const name = partitionName(topic, partition);
            const end = ends.get(name);
            return end !== undefined && (positionOf(name) ?? 0) >= end;
          }),
      );
    },

    /** Milliseconds since the last good look was begun; Infinity before the first. */
    ageMs: (now: number): number => now - (looks.at(-1)?.at ?? -Infinity),

    /**
     * Records that were in the broker at the last look and are not applied, by topic; of the given partitions. Undefined
     * where that look is over 5 s old: nobody knows then.
     */
    lag(partitions: readonly number[], now: number): Record<string, number> | undefined {
      const last = looks.at(-1);
      if (last === undefined || now - last.at > lagAgeMaxMs) return undefined;
      const lagOf = (name: PartitionName) => Math.max(0, (last.ends.get(name) ?? 0) - (positionOf(name) ?? 0));
      return Object.fromEntries(
        topics.map((topic) => [topic, partitions.reduce((sum, p) => sum + lagOf(partitionName(topic, p)), 0)]),
      );
    },

    /** The same in all, of partitions that have been read before: of the others nobody knows where their topics begin. */
    behind(partitions: readonly number[]): number {
      const ends = looks.at(-1)?.ends;
      const behindOf = (name: PartitionName) => Math.max(0, (ends?.get(name) ?? 0) - (positionOf(name) ?? Infinity));
      return topics.reduce(
        (sum, topic) => sum + partitions.reduce((of, p) => of + behindOf(partitionName(topic, p)), 0),
        0,
      );
    },
  };
}
