/** A part of a text, from its offset `from`. */
type TextPart = { readonly from: number; readonly part: string; readonly isMarked: boolean };

/** Divides a text into its marked and its other parts. A place that two marks cover is in one part only. */
export function markedParts(
  text: string,
  marks: readonly { readonly from: number; readonly to: number }[],
): readonly TextPart[] {
  const parts: TextPart[] = [];
  let reached = 0;
  const add = (to: number, isMarked: boolean): void => {
    if (to > reached) parts.push({ from: reached, part: text.slice(reached, to), isMarked });
    reached = Math.max(reached, to);
  };
  for (const { from, to } of marks.toSorted((one, other) => one.from - other.from)) {
    add(from, false);
    add(to, true);
  }
  add(text.length, false);
  return parts;
}
