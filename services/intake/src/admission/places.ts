import { createFairBuffer } from "./fair-buffer.ts";

/** A limited number of places for concurrent work. Waiting parties get free places in round robin. */
export type Places = {
  /**
   * Waits for a place and takes it. Resolves to false if no place becomes free before the deadline. The deadline is a value of
   * `performance.now()`.
   */
  take(party: string, deadline?: number): Promise<boolean>;
  /** Frees a place. The next waiting request gets the place. */
  leave(): void;
  /** Returns true if a request waits for a place. */
  isWanted(): boolean;
};

type Waiter = { readonly resolve: (hasPlace: boolean) => void };

/** Creates `max` free places. */
export function createPlaces(max: number): Places {
  const buffer = createFairBuffer<Waiter>();
  const waiting = new Set<Waiter>(); // The buffer can still contain requests whose deadline has passed.
  let free = max;

  function assignFreePlaces(): void {
    while (free > 0 && waiting.size > 0) {
      for (const next of buffer.take(1)) {
        if (!waiting.delete(next)) continue;
        free--;
        next.resolve(true);
      }
    }
  }

  return {
    async take(party, deadline) {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const waiter = { resolve };
      waiting.add(waiter);
      buffer.push(party, waiter);
      assignFreePlaces();
      if (deadline === undefined) return promise;
      const timer = setTimeout(() => waiting.delete(waiter) && resolve(false), deadline - performance.now());
      return promise.finally(() => clearTimeout(timer));
    },
    leave() {
      free++;
      assignFreePlaces();
    },
    isWanted: () => waiting.size > 0,
  };
}
