/** A part of a text, in UTF-16 code units. `to` is exclusive. */
export type Span = { readonly from: number; readonly to: number };

const quotations =
  /“[^”“]{1,500}[”“]|„[^“”„"]{1,500}[“”"]|«[^»«]{1,500}»|»[^«»]{1,500}«|‹[^›]{1,500}›|"[^"]{1,500}"|(?<![\p{L}\p{N}])['‘](?:[^'’\n]|['’](?=\p{L})){1,300}['’](?!\p{L})|^[ \t]*>.*$/gmu;

/** The minimum number of words of a quotation. A shorter text in quotation marks is a word of the author with an emphasis. */
const wordsMin = 3;

/**
 * Returns the parts of a text that quote another person: text in quotation marks, and rows of a quoted mail. A text that consists
 * only of a quotation is the author's own text.
 */
export function quotedSpans(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const { index, 0: part } of text.matchAll(quotations))
    if (countWords(part) >= wordsMin) spans.push({ from: index, to: index + part.length });
  if (spans.length === 0) return spans;
  let outside = 0;
  let from = 0;
  for (const span of [...spans, { from: text.length, to: text.length }]) {
    outside += countWords(text.slice(from, span.from));
    from = span.to;
  }
  return outside === 0 ? [] : spans;
}

function countWords(text: string): number {
  return text.match(/\p{L}+/gu)?.length ?? 0;
}
