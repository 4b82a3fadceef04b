import type { LabelledSentence } from "./corpus.ts";

/**
 * The counts of a measurement, with precision and recall as shares from 0 to 1. A guard that marks nothing has the precision 1, and
 * a corpus without blame has the recall 1.
 */
export type GuardMeasurement = {
  readonly marked: number;
  readonly wronglyMarked: number;
  readonly missed: number;
  readonly precision: number;
  readonly recall: number;
};

/** Returns how the given predicate agrees with the labels of the sentences. */
export function measureGuard(
  sentences: readonly LabelledSentence[],
  isMarked: (text: string) => boolean,
): GuardMeasurement {
  const marked = sentences.filter(({ text }) => isMarked(text));
  const found = marked.filter(({ blames }) => blames).length;
  const blaming = sentences.filter(({ blames }) => blames).length;
  return {
    marked: marked.length,
    wronglyMarked: marked.length - found,
    missed: blaming - found,
    precision: marked.length === 0 ? 1 : found / marked.length,
    recall: blaming === 0 ? 1 : found / blaming,
  };
}
