import { guardText } from "@crossline/domain";
import { describe, expect, test } from "vitest";
import { type LabelledSentence, corpora, languages, readCorpus, readLists, readMails } from "./corpus.ts";
import { type LearnedBlame, hashOfSources, learnedFile } from "./learn.ts";
import { measureGuard } from "./measure.ts";
import { readFileSync } from "node:fs";

const isMarked = (text: string): boolean => guardText(text).some(({ rule }) => rule === "blame");
const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => /\p{L}|\p{N}/u.test(word));
const plainOf = ({ text }: LabelledSentence): string => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(" ");

describe.each(corpora)("the corpus `%s`", (name) => {
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

describe("the lists", () => {
  const lists = readLists();

  test("have each sentence once, and no sentence of a corpus", () => {
    const seen = new Set<string>();
    const twice = [...lists, ...corpora.flatMap(readCorpus)].filter((sentence) => {
      const plain = plainOf(sentence);
      if (seen.has(plain)) return true;
      seen.add(plain);
      return false;
    });
    expect(twice).toEqual([]);
  });

  test.each(languages)(
    "have at least 4,000 sentences in the language %s, and at least a third of them blame",
    (language) => {
      const own = lists.filter((sentence) => sentence.language === language);
      expect(own.length).toBeGreaterThan(4_000);
      expect(own.filter(({ blames }) => blames).length / own.length).toBeGreaterThan(1 / 3);
    },
  );

  test("have not changed since `npx -y pnpm generate` calculated the weights", () => {
    const { sources } = JSON.parse(readFileSync(learnedFile, "utf8")) as LearnedBlame;
    expect(sources).toBe(hashOfSources(lists));
  });

  test("are labelled by the guard as by their authors, except for 3 %", { timeout: 60_000 }, () => {
    const { precision, recall } = measureGuard(lists, isMarked);
    expect(Math.min(precision, recall)).toBeGreaterThan(0.97);
  });
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

/** The smallest precision and recall. At its only measurement before the weights were final, `usual` gave 0.972 and 0.920. */
const floors = { usual: { precision: 0.9, recall: 0.9 }, hard: { precision: 0.85, recall: 0.85 } } as const;

test.each(corpora)("the precision and the recall of the guard on the corpus `%s` do not fall", (name) => {
  const corpus = readCorpus(name);
  const groups = languages.map((language) => ({
    group: language as string,
    sentences: corpus.filter((sentence) => sentence.language === language),
  }));
  const rows = [...groups, { group: "all", sentences: corpus }].map(({ group, sentences }) => {
    const { precision, recall, ...counts } = measureGuard(sentences, isMarked);
    return { corpus: name, group, ...counts, precision: precision.toFixed(3), recall: recall.toFixed(3) };
  });
  // The table has counts only, because the author of a list may read the output of a failed test.
  console.table(rows);
  const { precision, recall } = measureGuard(corpus, isMarked);
  expect(precision).toBeGreaterThanOrEqual(floors[name].precision);
  expect(recall).toBeGreaterThanOrEqual(floors[name].recall);
});

test("the guard holds at most 12 of 100 ordinary mails", () => {
  const mails = readMails();
  expect(mails.length).toBeGreaterThanOrEqual(120);
  expect(mails.filter(isMarked).length / mails.length).toBeLessThanOrEqual(0.12);
});
