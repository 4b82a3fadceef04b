import { guardText } from "@crossline/domain";
import { describe, expect, test } from "vitest";
import { type LabelledSentence, corpora, languages, readCorpus } from "./corpus.ts";
import { measureGuard } from "./measure.ts";

const isMarked = (text: string): boolean => guardText(text).some(({ rule }) => rule === "blame");
const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => /\p{L}|\p{N}/u.test(word));
const plainOf = ({ text }: LabelledSentence): string => wordsOf(text.toLowerCase()).join(" ");

describe.each(corpora)("the %s corpus", (name) => {
  const corpus = readCorpus(name);

  test.each(languages)("has 75 sentences in the language %s, and half of them blame", (language) => {
    const own = corpus.filter((sentence) => sentence.language === language);
    expect(own).toHaveLength(75);
    expect([37, 38]).toContain(own.filter(({ blames }) => blames).length);
  });

  test("has sentences of 5 to 40 words, with 150 that blame", () => {
    const lengths = corpus.map(({ text }) => wordsOf(text).length);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(40);
    expect(corpus.filter(({ blames }) => blames)).toHaveLength(150);
  });

  test("fails a guard that marks nothing and a guard that marks everything", () => {
    expect(measureGuard(corpus, () => false).recall).toBe(0);
    expect(measureGuard(corpus, () => true).precision).toBe(0.5);
  });
});

test("the corpora have 600 different sentences", () => {
  const plain = corpora.flatMap((name) => readCorpus(name).map(plainOf));
  expect(plain).toHaveLength(600);
  expect(new Set(plain).size).toBe(600);
});

test("a third of the sentences of the second corpus have more than 20 words", () => {
  const long = readCorpus("second").filter(({ text }) => wordsOf(text).length > 20);
  expect(long.length).toBeGreaterThanOrEqual(100);
});

test("a measurement counts wrong marks and missed blame", () => {
  const sentence = (text: string, blames: boolean): LabelledSentence => ({ language: "en", blames, text });
  const sentences = [sentence("a", true), sentence("b", true), sentence("ab", true), sentence("ac", false)];
  expect(measureGuard(sentences, (text) => text.includes("a"))).toEqual({
    marked: 3,
    wronglyMarked: 1,
    missed: 1,
    precision: 2 / 3,
    recall: 2 / 3,
  });
});

/**
 * The smallest precision and recall. The first corpus is a development corpus, because its author improved the lists after its first
 * measurement, which gave 0.953 and 0.820. The second corpus is held out. The goal on the second corpus is 0.9 for both, and the guard does not
 * reach this goal yet: the measurement gave 0.898 and 0.647.
 */
const floors = { first: { precision: 0.9, recall: 0.9 }, second: { precision: 0.85, recall: 0.6 } } as const;

test.each(corpora)("the precision and the recall of the guard on the %s corpus do not fall", (name) => {
  const corpus = readCorpus(name);
  const groups = languages.map((language) => ({
    group: language as string,
    sentences: corpus.filter((sentence) => sentence.language === language),
  }));
  const rows = [...groups, { group: "all", sentences: corpus }].map(({ group, sentences }) => {
    const { precision, recall, ...counts } = measureGuard(sentences, isMarked);
    return { corpus: name, group, ...counts, precision: precision.toFixed(3), recall: recall.toFixed(3) };
  });
  // The table has counts only, because the author of the guard's lists may read the output of a failed test.
  console.table(rows);
  const { precision, recall } = measureGuard(corpus, isMarked);
  expect(precision).toBeGreaterThanOrEqual(floors[name].precision);
  expect(recall).toBeGreaterThanOrEqual(floors[name].recall);
});
