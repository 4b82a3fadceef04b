/** What waits, in a lane for each party. Its length is limited by who lets in (`admission/admission.ts`). */
export type FairBuffer<T> = {
  push(party: string, one: T): void;
  /** The next ones, at most `most`: one of each party in turn, those of one party in their order. */
  take(most: number): T[];
  size(): number;
};

/** Round robin (Nagle, RFC 970): whoever sends a thousand waits for its own thousand, and a lone request of another for nobody. */
export function createFairBuffer<T>(): FairBuffer<T> {
  const lanes = new Map<string, T[]>(); // in the order of their turns
  let size = 0;
  return {
    push(party, one) {
      size++;
      const lane = lanes.get(party);
      if (lane === undefined) lanes.set(party, [one]);
      else lane.push(one);
    },
    take(most) {
      const taken: T[] = [];
      while (taken.length < most) {
        const next = lanes.entries().next();
        if (next.done === true) break;
        const [party, lane] = next.value;
        taken.push(lane.shift() as T);
        lanes.delete(party);
        if (lane.length > 0) lanes.set(party, lane); // its next turn comes after everybody else's
      }
      size -= taken.length;
      return taken;
    },
    size: () => size,
  };
}
