import { parseArgs } from "node:util";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { passagesOf, repositoryFiles, root } from "./passages.ts";
import { sentencesOf, wordCount } from "./sentences.ts";

// node test/words/draw.ts --seed N [--count 50] [--in-place] [PATH…]: draws random sentences from documents, comments and messages. A reader
// marks each sentence that they had to read twice. In the same commit, a seed always draws the same sentences.
// With --in-place, the rows of the passage follow each sentence, as a reader of the repository sees them.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "50" },
    "in-place": { type: "boolean" },
  },
});

/** Returns a generator of random numbers in [0, 1) from a seed (mulberry32, public domain). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Returns the rows of the passage that begins at `line`, from 1. In a document, the nearest heading comes first. In code, the next row of
 * code comes last, because a docstring describes that row.
 */
function rowsAround(file: string, line: number): readonly string[] {
  const rows = readFileSync(join(root, file), "utf8").split("\n");
  const isDocument = file.endsWith(".md");
  const heading = isDocument ? rows.slice(0, line - 1).findLast((row) => /^#+ /.test(row)) : rows[line - 2];
  const isEnd = (row: string): boolean => (isDocument ? row.trim() === "" : !/^\s*(?:\/?\*|\/\/|--|#)/.test(row));
  const length = rows.slice(line - 1).findIndex(isEnd);
  const passage = rows.slice(line - 1, length === -1 ? undefined : line + length - (isDocument ? 1 : -1));
  return [...(heading === undefined ? [] : [heading]), ...passage];
}

const sentences = repositoryFiles(positionals)
  .flatMap(passagesOf)
  .filter(({ kind }) => kind !== "heading" && kind !== "cell")
  .flatMap(({ file, line, kind, text }) =>
    sentencesOf(text)
      .filter((sentence) => wordCount(sentence) >= 4)
      .map((sentence) => ({ file, line, kind, sentence })),
  );
const random = randomNumbers(Number(values.seed));
const drawn = Array.from({ length: Number(values.count) }, () =>
  sentences.splice(Math.floor(random() * sentences.length), 1),
).flat();
for (const [index, { file, line, kind, sentence }] of drawn.entries()) {
  process.stdout.write(`${index + 1}. ${sentence}\n   (${kind}, ${file}:${line})\n`);
  if (values["in-place"] === true) for (const row of rowsAround(file, line)) process.stdout.write(`   | ${row}\n`);
}
