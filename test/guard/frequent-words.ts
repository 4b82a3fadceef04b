import { sentencesOf } from "@crossline/domain/blame";
import { type LabelledSentence, languages } from "./corpus.ts";

/** The number of words for each language. A sentence of eight words mostly has several of them. */
const wordsMax = 200;
/** The smallest share of a word's sentences that are in its language. */
const shareMin = 0.9;

/** Returns for each language its most frequent words that are rare in the other languages, separated by spaces. */
export function frequentWords(sentences: readonly LabelledSentence[]): Record<string, string> {
  const counts = new Map<string, Map<string, number>>();
  for (const { language, text } of sentences)
    for (const word of new Set(sentencesOf(text).flatMap(({ words }) => words))) {
      const own = counts.get(word) ?? new Map<string, number>();
      counts.set(word, own.set(language, (own.get(language) ?? 0) + 1));
    }
  return Object.fromEntries(
    languages.map((language) => {
      const own = [...counts].flatMap(([word, byLanguage]) => {
        const count = byLanguage.get(language) ?? 0;
        const total = [...byLanguage.values()].reduce((sum, one) => sum + one, 0);
        return /^[a-z']{2,}$/.test(word) && count / total >= shareMin ? [{ word, count }] : [];
      });
      const frequent = own.toSorted((one, other) => other.count - one.count || (one.word < other.word ? -1 : 1));
      return [
        language,
        frequent
          .slice(0, wordsMax)
          .map(({ word }) => word)
          .join(" "),
      ];
    }),
  );
}
