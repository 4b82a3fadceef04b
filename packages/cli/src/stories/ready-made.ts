import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";

const folder = resolve(import.meta.dirname, "../../../../infra/lines");

/** The registered names of the parties of the ready-made documents. */
export type Names = Readonly<Record<string, string>>;

/**
 * Returns a ready-made line or calendar of infra/lines for these parties. The result contains the registered name of
 * orchard in place of `orchard`.
 */
export function readyMade(file: string, names: Names = {}): Record<string, unknown> {
  let text = readFileSync(resolve(folder, file), "utf8").replaceAll(/^#.*$/gm, "");
  for (const [role, name] of Object.entries(names)) text = text.replaceAll(new RegExp(`\\b${role}\\b`, "g"), name);
  return parse(text) as Record<string, unknown>;
}
