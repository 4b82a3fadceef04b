/** A source of uniform numbers in (0, 1). */
export type Random = () => number;

/**
 * Returns a source of uniform numbers. The numbers depend only on the seed, so the same cases always give the same interval. The
 * generator is SplitMix32, the 32-bit form of Steele, Lea and Flood 2014. The resolution of a number is 2⁻³².
 */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (((mixed ^ (mixed >>> 15)) >>> 0) + 0.5) / 2 ** 32;
  };
}
