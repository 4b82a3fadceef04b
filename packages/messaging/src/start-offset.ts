/** What a partition holds now: `low` is the offset of its first record, `high` the one after its last. */
export type OffsetRange = { readonly low: number; readonly high: number };

/**
 * Where to read on: at the position, if the partition still has it. Else (never read, deleted by retention, a topic made
 * anew) at the first record, or, for a new reader that wants only what is to come, after the last.
 */
export function startOffset(position: number | undefined, range: OffsetRange, fromBeginning: boolean): number {
  if (position === undefined) return fromBeginning ? range.low : range.high;
  return position < range.low || position > range.high ? range.low : position;
}
