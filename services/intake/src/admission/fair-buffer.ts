/** A buffer with a lane for each party. Admission limits its length (`admission/admission.ts`). */
export type FairBuffer<T> = {
  push(party: string, item: T): void;
  /** Removes and returns at most `max` items: one of each party in turn. The items of one party keep their order. */
  take(max: number): T[];
  size(): number;
};

/** Creates a buffer with round robin (Nagle, RFC 970): a thousand items of one party do not delay a single item of another party. */
export function createFairBuffer<T>(): FairBuffer<T> {
  const lanes = new Map<string, T[]>(); // in the order of their turns
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
        if (lane.length > 0) lanes.set(party, lane); // its next turn comes after the turns of all other parties
      }
      size -= taken.length;
      return taken;
    },
    size: () => size,
  };
}
