import { guardText } from "@crossline/domain";
import { describe, expect, test } from "vitest";
import { type LabelledSentence, languages, readCorpus } from "./corpus.ts";
import { measureGuard } from "./measure.ts";

const corpus = readCorpus();
const isMarked = (text: string): boolean => guardText(text).some(({ rule }) => rule === "blame");
const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => /\p{L}|\p{N}/u.test(word));

describe("the held-out corpus", () => {
  test("has 300 different sentences", () => {
    const plain = corpus.map(({ text }) => wordsOf(text.toLowerCase()).join(" "));
    expect(plain).toHaveLength(300);
    expect(new Set(plain).size).toBe(300);
  });

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
});

describe("a measurement", () => {
  const sentence = (text: string, blames: boolean): LabelledSentence => ({ language: "en", blames, text });

  test("counts wrong marks and missed blame", () => {
    const sentences = [sentence("a", true), sentence("b", true), sentence("ab", true), sentence("ac", false)];
    expect(measureGuard(sentences, (text) => text.includes("a"))).toEqual({
      marked: 3,
      wronglyMarked: 1,
      missed: 1,
      precision: 2 / 3,
      recall: 2 / 3,
    });
  });

  test("fails a guard that marks nothing and a guard that marks everything", () => {
    expect(measureGuard(corpus, () => false).recall).toBe(0);
    expect(measureGuard(corpus, () => true).precision).toBe(0.5);
  });
});

test("the guard has a precision and a recall of at least 0.9 on the held-out corpus", () => {
  const groups = languages.map((language) => ({
    name: language as string,
    sentences: corpus.filter((sentence) => sentence.language === language),
  }));
  const rows = [...groups, { name: "all", sentences: corpus }].map(({ name, sentences }) => {
    const { precision, recall, ...counts } = measureGuard(sentences, isMarked);
    return { name, ...counts, precision: precision.toFixed(3), recall: recall.toFixed(3) };
  });
  // The table has counts only, because the author of the guard's lists may read the output of a failed test.
  console.table(rows);
  const { precision, recall } = measureGuard(corpus, isMarked);
  expect(precision).toBeGreaterThanOrEqual(0.9);
  expect(recall).toBeGreaterThanOrEqual(0.9);
});
