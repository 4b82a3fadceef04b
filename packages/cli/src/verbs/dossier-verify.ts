import { type ExportFile, exportFormats, verifyExportFile } from "@crossline/domain";
import { tell } from "../print.ts";
import { readText } from "../document-file.ts";

/** `dossier verify FILE`: 0 where every byte of an exported dossier is as it was written, else 1 and what is wrong where. */
export async function verifyDossier(file: string): Promise<number> {
  const text = readText(file);
  const faults = verifyExportFile(text);
  for (const { at, message } of faults) tell(`${file} ${at === "" ? "/" : at} ${message}`);
  if (faults.length > 0) return 1;
  tellSound(file, JSON.parse(text) as ExportFile);
  return 0;
}

function tellSound(file: string, bundle: ExportFile): void {
  const { id } = bundle.case;
  if (bundle.format === exportFormats.oneChain) {
    const { entries, head } = bundle;
    const hidden = entries.filter((entry) => "hidden" in entry).length;
    tell(`${file}: ${id}, ${entries.length} entries (${hidden} not for this reader), as they were written.`);
    tell(`The chain ends with ${head ?? "nothing"}: compare it with \`dossier.head\` of the case.`);
    return;
  }
  const { shared, internal, exportedFor } = bundle;
  const counts = `${shared.entries.length} shared entries and ${internal.entries.length} internal ones of ${exportedFor}`;
  tell(`${file}: ${id}, ${counts}, as they were written.`);
  tell(`The shared chain ends with ${shared.head ?? "nothing"}: compare it with \`dossier.head\` of the case.`);
  tell(`The internal one ends with ${internal.head ?? "nothing"}: compare it with \`dossier.internal.head\`.`);
}
