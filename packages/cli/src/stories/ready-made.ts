import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";

const folder = resolve(import.meta.dirname, "../../../../infra/lines");

/** The parties of the ready-made documents, by the names that somebody registered them under. */
export type Names = Readonly<Record<string, string>>;

/** A ready-made line or calendar of infra/lines, for these parties: `orchard` in it becomes whatever stands for orchard. */
export function readyMade(file: string, names: Names = {}): Record<string, unknown> {
  let text = readFileSync(resolve(folder, file), "utf8").replaceAll(/^#.*$/gm, "");
  for (const [role, name] of Object.entries(names)) text = text.replaceAll(new RegExp(`\\b${role}\\b`, "g"), name);
  return parse(text) as Record<string, unknown>;
}
