import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** A row of a table that names the test for its first cell. */
export type NamedTest = { readonly what: string; readonly file: string; readonly name: string };

/** Returns the rows of a Markdown text that end with a link to a test file and the name of a test. */
export function readNamedTests(text: string): NamedTest[] {
  const row = /^\| (?<what>.+?) +\|(?: [^|]+\|)*? \[[^\]]+\]\((?<file>[^)]+\.test\.ts)\) +\| (?<name>[^|]+?) +\|$/gm;
  return [...text.matchAll(row)].map(({ groups }) => ({
    what: groups?.["what"] ?? "",
    file: groups?.["file"] ?? "",
    name: groups?.["name"] ?? "",
  }));
}

/** Returns true if a page links to a test file that has a test with this name. */
export function isThere(page: string, { file, name }: NamedTest): boolean {
  return hasTest(readFileSync(resolve(dirname(page), file), "utf8"), name);
}

/** Returns true if a text of a test file has a test with this name, plain or for each row of a table. */
export function hasTest(text: string, name: string): boolean {
  const literal = JSON.stringify(name).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`(?:\btest|\))\(\s*${literal},`).test(text);
}
