import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { generatedFiles } from "./generated/all.ts";

for (const [path, text] of generatedFiles()) {
  writeFileSync(resolve(import.meta.dirname, "..", path), text);
  process.stdout.write(`${path}\n`);
}
