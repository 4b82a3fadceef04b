/** How much one transaction takes: halved when it fails, so that the culprit is found, and doubled while it works. */
export type Portion = ReturnType<typeof createPortion>;

export function createPortion(max: number) {
  let size = max;
  return {
    size: (): number => size,
    isWhole: (): boolean => size === max,
    grow(): void {
      size = Math.min(max, size * 2);
    },
    /** Half of what was tried. */
    halve(tried = size): void {
      size = Math.max(1, tried >> 1);
    },
  };
}
