import { readFileSync } from "node:fs";
import { type Bundle, verifyBundle } from "@crossline/domain";
import { LocalFault } from "../fault.ts";
import { tell } from "../print.ts";

/** `dossier verify FILE`: 0 where every byte of an exported dossier is as it was written, else 1 and what is wrong where. */
export async function verifyDossier([file, ...more]: readonly string[]): Promise<number> {
  if (file === undefined || more.length > 0) throw new LocalFault("Name one exported dossier.");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new LocalFault(`Cannot read ${file}: ${(cause as Error).message}.`, { cause });
  }
  const faults = verifyBundle(text);
  for (const { at, message } of faults) tell(`${file} ${at === "" ? "/" : at} ${message}`);
  if (faults.length > 0) return 1;
  const { case: about, entries, head } = JSON.parse(text) as Bundle;
  const hidden = entries.filter((entry) => "hidden" in entry).length;
  tell(`${file}: ${about.id}, ${entries.length} entries (${hidden} not for this reader), as they were written.`);
  tell(`The chain ends with ${head ?? "nothing"}: hold it against \`dossier.head\` of the case.`);
  return 0;
}
