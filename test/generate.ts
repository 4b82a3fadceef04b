import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { generatedFiles } from "./generated/all.ts";
import { readLists } from "./guard/corpus.ts";
import { learnBlame, learnedFile, textOfLearned } from "./guard/learn.ts";

for (const [path, text] of generatedFiles()) {
  writeFileSync(resolve(import.meta.dirname, "..", path), text);
  process.stdout.write(`${path}\n`);
}

writeFileSync(learnedFile, textOfLearned(learnBlame(readLists())));
process.stdout.write("packages/domain/src/message/blame/learned.json\n");
