import { parseArgs } from "node:util";
import { passagesOf, repositoryFiles } from "./passages.ts";
import { sentencesOf, wordCount } from "./sentences.ts";

// node test/words/draw.ts --seed N [--count 50] [PATH…]: draws random sentences from documents, comments and messages. A reader
// marks each sentence that they had to read twice. In the same commit, a seed always draws the same sentences.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string", default: "1" }, count: { type: "string", default: "50" } },
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

const sentences = repositoryFiles(positionals)
  .flatMap(passagesOf)
  .filter(({ kind }) => kind !== "heading" && kind !== "cell")
  .flatMap(({ file, line, kind, text }) =>
    sentencesOf(text)
      .filter((sentence) => wordCount(sentence) >= 4)
      .map((sentence) => ({ place: `${file}:${line}`, kind, sentence })),
  );
const random = randomNumbers(Number(values.seed));
const drawn = Array.from({ length: Number(values.count) }, () =>
  sentences.splice(Math.floor(random() * sentences.length), 1),
).flat();
for (const [index, { place, kind, sentence }] of drawn.entries())
  process.stdout.write(`${index + 1}. ${sentence}\n   (${kind}, ${place})\n`);
