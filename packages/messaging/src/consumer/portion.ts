/**
 * The number of records that one transaction takes. A failure halves the number, to find the record that causes it. A success
 * doubles it.
 */
export type Portion = ReturnType<typeof createPortion>;

/** Creates a portion of at most `max` records. */
export function createPortion(max: number) {
  let size = max;
  return {
    size: (): number => size,
    isWhole: (): boolean => size === max,
    grow(): void {
      size = Math.min(max, size * 2);
    },
    /** Halves the number of records that were tried. */
    halve(tried = size): void {
      size = Math.max(1, tried >> 1);
    },
  };
}
