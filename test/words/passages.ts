import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Passage } from "./passage.ts";
import { codePassages } from "./passages-of-code.ts";
import { markdownPassages } from "./passages-of-markdown.ts";
import { sqlPassages } from "./passages-of-sql.ts";
import { yamlPassages } from "./passages-of-yaml.ts";

export const root = resolve(import.meta.dirname, "../..");

const readers: readonly (readonly [RegExp, (file: string, text: string) => Passage[]])[] = [
  [/\.md$/, markdownPassages],
  [/\.tsx?$/, codePassages],
  [/\.sql$/, sqlPassages],
  [/\.ya?ml$/, yamlPassages],
];

/** Returns the files of the repository below the given paths, including uncommitted files. */
export function repositoryFiles(paths: readonly string[] = []): string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "--", ...paths], {
    cwd: root,
    encoding: "utf8",
  });
  return listed.split("\n").filter((file) => file !== "" && existsSync(join(root, file)));
}

/** Returns the passages of a Markdown, TypeScript, SQL or YAML file. Files of other types have no passages. */
export function passagesOf(file: string): Passage[] {
  const read = readers.find(([name]) => name.test(file))?.[1];
  return read === undefined || file === "pnpm-lock.yaml" ? [] : read(file, readFileSync(join(root, file), "utf8"));
}
