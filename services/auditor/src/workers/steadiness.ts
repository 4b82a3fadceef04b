/**
 * Since when partitions have been read to their end without a break. After an outage the timer, too, must first catch up:
 * what it tells late is on its way then, and only a grace of steady reading tells it from what will never come.
 */
export function createSteadiness(graceMs: number) {
  const since = new Map<number, number>();
  return {
    /** Looks once; answers the partitions that have been read to their end for the whole grace. `at` is of a steady clock, in ms. */
    look(owned: readonly number[], isCaughtUp: (partition: number) => boolean, at: number): Set<number> {
      for (const partition of since.keys()) if (!owned.includes(partition)) since.delete(partition);
      for (const partition of owned) {
        if (!isCaughtUp(partition)) since.delete(partition);
        else if (!since.has(partition)) since.set(partition, at);
      }
      return new Set([...since].filter(([, from]) => at - from >= graceMs).map(([partition]) => partition));
    },
    /** Something else broke: the database was away. */
    lose: (): void => since.clear(),
  };
}
