/**
 * A buffer that keeps the items of each party separately. The limit of concurrent requests in `admission/admission.ts` also limits the
 * length of the buffer.
 */
export type FairBuffer<T> = {
  push(party: string, item: T): void;
  /**
   * Removes at most `max` items and returns them. The parties take turns, with one item in each turn. The items of one party keep their
   * order.
   */
  take(max: number): T[];
  size(): number;
};

/**
 * Creates a buffer that serves the parties in round robin (Nagle, RFC 970). A thousand items of one party therefore do not delay the
 * only item of another party.
 */
export function createFairBuffer<T>(): FairBuffer<T> {
  const lanes = new Map<string, T[]>(); // the parties in the order of their turns
  let size = 0;
  return {
    push(party, item) {
      size++;
      const lane = lanes.get(party);
      if (lane === undefined) lanes.set(party, [item]);
      else lane.push(item);
    },
    take(max) {
      const taken: T[] = [];
      while (taken.length < max) {
        const next = lanes.entries().next();
        if (next.done === true) break;
        const [party, lane] = next.value;
        taken.push(lane.shift() as T);
        lanes.delete(party);
        if (lane.length > 0) lanes.set(party, lane); // the party's next turn follows the turns of all other parties
      }
      size -= taken.length;
      return taken;
    },
    size: () => size,
  };
}
