/** What a partition holds now: `low` is the offset of its first record, `high` the one after its last. */
export type OffsetRange = { readonly low: number; readonly high: number };

/**
 * Offsets that were deleted before they were read. `to` is not above `from` where the topic was made again: then the number of
 * lost records is not known.
 */
export type LostOffsets = { readonly from: number; readonly to: number };

/**
 * Where to read on: at the position, if the partition still has it. Else (never read, deleted by retention, a topic that was
 * made again) at the first record, or, for a new reader that wants only new records, after the last.
 */
export function startOffset(position: number | undefined, range: OffsetRange, fromBeginning: boolean): number {
  if (position === undefined) return fromBeginning ? range.low : range.high;
  return isLost(position, range) ? range.low : position;
}

/** What a reader at this position can no longer read. */
export function lostOffsets(
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
