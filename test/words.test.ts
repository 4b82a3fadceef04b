import { expect, test } from "vitest";
import { declarationFindings, passageFindings } from "./words/findings.ts";
import { codePassages } from "./words/passages-of-code.ts";
import { markdownPassages } from "./words/passages-of-markdown.ts";
import { sqlPassages } from "./words/passages-of-sql.ts";
import { yamlPassages } from "./words/passages-of-yaml.ts";
import { sentencesOf, wordCount } from "./words/sentences.ts";

const texts = (passages: readonly { readonly kind: string; readonly text: string }[]): string[] =>
  passages.map(({ kind, text }) => `${kind}: ${text}`);

test("the passages of a document are the paragraphs, headings and cells, without code", () => {
  const text = "# Title\n\nThe relay sends `a b`.\n\n```sh\nnpm start\n```\n\n| one | two |\n|---|---|\n| x | y |\n";
  expect(texts(markdownPassages("a.md", text))).toEqual([
    "heading: Title",
    "paragraph: The relay sends `a b`.",
    "cell: one",
    "cell: two",
    "cell: x",
    "cell: y",
  ]);
});

test("the passages of a source file are the comments, docstrings, messages and titles, without SQL", () => {
  const text = [
    "/** Sends the outbox. */",
    "// The lock is taken first,",
    "// so that one relay sends.",
    'log.info("the relay stopped early");',
    'test("the relay stops", () => 1);',
    "const sql = `select a from b where c`;",
  ].join("\n");
  expect(texts(codePassages("services/x/src/a.ts", text))).toEqual([
    "docstring: Sends the outbox.",
    "comment: The lock is taken first,\nso that one relay sends.",
    "message: the relay stopped early",
    "title: the relay stops",
  ]);
});

test("the passages of SQL and YAML files are the comments and texts", () => {
  expect(
    texts(
      sqlPassages("a.sql", "-- One row per case.\ncreate table a ();\ncomment on table a is 'the company''s cases';"),
    ),
  ).toEqual(["comment: One row per case.", "comment: the company's cases"]);
  expect(texts(yamlPassages("a.yaml", "# The alerts.\nsummary: The relay does not send records.\n"))).toEqual([
    "comment: The alerts.",
    "message: The relay does not send records.",
  ]);
});

test("a sentence ends at a full stop before a capital letter, but not after an abbreviation", () => {
  expect(sentencesOf("The relay sends, e.g. A. It stops.\n- A list.")).toEqual([
    "The relay sends, e.g. A.",
    "It stops.",
    "- A list.",
  ]);
  expect(wordCount("The relay sends `one two three` — now.")).toBe(5);
});

test.each([
  ["word", "comment", "The timer told routing."],
  ["length", "comment", `The timer ${"fires and ".repeat(12)}stops.`],
  ["cell", "cell", "x".repeat(161)],
  ["wrap", "paragraph", "One row\nand another."],
  ["reference", "docstring", "See domain.md."],
  ["reference", "comment", "See packages/nowhere/at-all."],
] as const)("the rule %s finds a wrong %s", (rule, kind, text) => {
  const passage = { file: "a.ts", line: 1, kind, text };
  expect(passageFindings(passage, ["docs/rules.md"]).map((finding) => finding.rule)).toEqual([rule]);
});

test("a passage in plain words with code between backticks breaks no rule", () => {
  const text = "The timer reads docs/rules.md before it fires `told`.";
  expect(passageFindings({ file: "a.ts", line: 1, kind: "comment", text }, ["docs/rules.md"])).toEqual([]);
});

test("the rules find a type that is named by a participle, and an exported function without a docstring", () => {
  const text =
    "export type Told = 1;\ntype ToldCase = 2;\nexport function send() {}\n/** Sends. */\nexport function sendAll() {}\n";
  const found = declarationFindings("packages/x/src/a.ts", text);
  expect(found.map(({ rule, place, text: name }) => `${rule} ${place} ${name}`)).toEqual([
    "participle packages/x/src/a.ts:1 Told",
    "docstring packages/x/src/a.ts:3 send",
  ]);
});
