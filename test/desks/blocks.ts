import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const page = resolve(import.meta.dirname, "../../docs/vendor-consumer.md");

/** Returns the only program of a heading in docs/vendor-consumer.md, so that the tests run the text that vendors read. */
export function programOf(heading: string): string {
  const section = readFileSync(page, "utf8")
    .split(/^## /m)
    .find((text) => text.startsWith(`${heading}\n`));
  const programs = [...(section ?? "").matchAll(/^```\w+\n([^]*?)^```$/gm)];
  if (programs.length !== 1) throw new Error(`${page} has ${programs.length} programs below ${heading}`);
  return programs[0]?.[1] ?? "";
}
