/**
 * Returns the median of numbers in ascending order: the middle one, or the mean of the two middle ones. This is the result of
 * `percentile_cont(0.5)` in Postgres. The list has at least one number.
 */
export function medianOfSorted(sorted: ArrayLike<number>): number {
  const upper = sorted.length >> 1;
  const lower = (sorted.length - 1) >> 1;
  return ((sorted[lower] ?? Number.NaN) + (sorted[upper] ?? Number.NaN)) / 2;
}

/** Returns the value below which the given share of the sorted numbers lies, as `percentile_cont` in Postgres calculates it. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  const place = (sorted.length - 1) * share;
  const lower = sorted[Math.floor(place)] ?? Number.NaN;
  const upper = sorted[Math.ceil(place)] ?? Number.NaN;
  return lower + (upper - lower) * (place - Math.floor(place));
}
