/** The records that a partition has now: `low` is the offset of its first record, `high` the offset after its last. */
export type OffsetRange = { readonly low: number; readonly high: number };

/**
 * Offsets that were deleted before they were read. If the topic was created again, `to` is not above `from`, and the
 * number of lost records is unknown.
 */
export type LostOffsets = { readonly from: number; readonly to: number };

/**
 * Returns the offset from which to read. It is the position if the partition still has it. Otherwise it is the first
 * record, or the end for a reader that wants only new records. The position is missing at a first read, after a
 * deletion, and if the topic was created again.
 */
export function findStartOffset(position: number | undefined, range: OffsetRange, fromBeginning: boolean): number {
  if (position === undefined) return fromBeginning ? range.low : range.high;
  return isLost(position, range) ? range.low : position;
}

/** Returns the offsets that a reader at this position can no longer read. */
export function findLostOffsets(
  position: number | undefined,
  range: OffsetRange,
  fromBeginning: boolean,
): LostOffsets | undefined {
  if (position !== undefined) return isLost(position, range) ? { from: position, to: range.low } : undefined;
  return fromBeginning && range.low > 0 ? { from: 0, to: range.low } : undefined;
}

function isLost(position: number, { low, high }: OffsetRange): boolean {
  return position < low || position > high;
}
