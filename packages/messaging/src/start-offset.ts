/**
 * The range of the records that a partition has now. `low` is the offset of the first record, and `high` is the offset
 * after the last record.
 */
export type OffsetRange = { readonly low: number; readonly high: number };

/**
 * The offsets of records that were deleted before a reader read them. If the topic was created again, `to` is not above
 * `from`, and the number of lost records is unknown.
 */
export type LostOffsets = { readonly from: number; readonly to: number };

/**
 * Returns the offset from which to read. If the partition still has the offset of the position, the result is the
 * position. After a deletion, or in a topic that was created again, the result is the offset of the first record.
 * Without a position, the result is the first offset, or the end for a reader that wants only new records.
 */
export function findStartOffset(position: number | undefined, range: OffsetRange, fromBeginning: boolean): number {
  if (position === undefined) return fromBeginning ? range.low : range.high;
  return isLost(position, range) ? range.low : position;
}

/** Returns the offsets between this position and the first record, which a reader can no longer read. */
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
