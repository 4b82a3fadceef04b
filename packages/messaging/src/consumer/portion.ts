/**
 * The number of records that one transaction takes. A failure halves this number, so that the consumer finds the record
 * that causes the failure. A successful transaction doubles this number.
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
    /** Sets the portion to half of the number of records that the failed transaction took. */
    halve(tried = size): void {
      size = Math.max(1, tried >> 1);
    },
  };
}
