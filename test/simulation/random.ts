/** Random numbers that are a function of their seed (mulberry32). */
export type Random = {
  below(n: number): number;
  chance(share: number): boolean;
  pick<T>(items: readonly T[]): T;
};

/** Returns a generator of random numbers. A seed gives the same numbers on every machine. */
export function seeded(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b9) | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return { below, chance: (share) => next() < share, pick: (items) => items[below(items.length)]! };
}
