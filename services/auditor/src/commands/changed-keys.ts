import type { Cause } from "@crossline/contracts";

type TopicKey = Pick<Cause, "topic" | "key">;

const keysMax = 20_000;

/**
 * Creates the list of cases with new records, by topic. If more than 20,000 cases of a topic wait, further cases are only counted as
 * overflow, and the caller must walk all cases.
 */
export function createChangedKeys(topics: readonly string[]) {
  const waiting = new Map(topics.map((topic) => [topic, new Set<string>()]));
  let hasOverflown = false;
  return {
    add(topicKeys: readonly TopicKey[]): void {
      for (const { topic, key } of topicKeys) {
        const keys = waiting.get(topic);
        if (keys === undefined) continue;
        if (keys.size < keysMax) keys.add(key);
        else hasOverflown = true;
      }
    },
    /** Removes up to `max` cases of each topic from the list, and returns them. */
    take(max: number): { readonly topic: string; readonly keys: readonly string[] }[] {
      return [...waiting].flatMap(([topic, all]) => {
        const keys = [...all].slice(0, max);
        for (const key of keys) all.delete(key);
        return keys.length === 0 ? [] : [{ topic, keys }];
      });
    },
    /** Returns true once after an overflow. */
    takeOverflow(): boolean {
      const was = hasOverflown;
      hasOverflown = false;
      return was;
    },
  };
}
