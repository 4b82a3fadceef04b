import { createFairBuffer } from "./fair-buffer.ts";

/** Places at which a limited number can work at once. Free places go round robin between the parties that wait for one. */
export type Places = {
  /** Takes a place; false where none became free before the deadline (by `performance.now()`), if there is one. */
  take(party: string, deadline?: number): Promise<boolean>;
  /** Gives the place to the next. */
  leave(): void;
  /** A request waits for a place. */
  isWanted(): boolean;
};

type Waiter = { readonly resolve: (hasPlace: boolean) => void };

export function createPlaces(most: number): Places {
  const queue = createFairBuffer<Waiter>();
  const waiting = new Set<Waiter>(); // The queue also holds those whose deadline has come.
  let free = most;

  function handOn(): void {
    while (free > 0 && waiting.size > 0) {
      for (const next of queue.take(1)) {
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
      queue.push(party, waiter);
      handOn();
      if (deadline === undefined) return promise;
      const timer = setTimeout(() => waiting.delete(waiter) && resolve(false), deadline - performance.now());
      return promise.finally(() => clearTimeout(timer));
    },
    leave() {
      free++;
      handOn();
    },
    isWanted: () => waiting.size > 0,
  };
}
