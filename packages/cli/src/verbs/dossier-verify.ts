import { type ExportFile, exportFormats, verifyExportFile } from "@crossline/domain";
import { print } from "../print.ts";
import { readText } from "../document-file.ts";

/**
 * Runs `dossier verify FILE`. The verb returns 0 if no byte of the export file was changed. If a byte was changed, the
 * verb prints each fault with its place and returns 1.
 */
export async function verifyDossier(file: string): Promise<number> {
  const text = readText(file);
  const faults = verifyExportFile(text);
  for (const { at, message } of faults) print(`${file} ${at === "" ? "/" : at} ${message}`);
  if (faults.length > 0) return 1;
  printValid(file, JSON.parse(text) as ExportFile);
  return 0;
}

function printValid(file: string, bundle: ExportFile): void {
  const { id } = bundle.case;
  if (bundle.format === exportFormats.oneChain) {
    const { entries, head } = bundle;
    const hidden = entries.filter((entry) => "hidden" in entry).length;
    print(`${file}: ${id}, ${entries.length} entries (${hidden} not for this reader), unchanged.`);
    print(`The chain ends with ${head ?? "nothing"}: compare it with \`dossier.head\` of the case.`);
    return;
  }
  const { shared, internal, exportedFor } = bundle;
  const counts = `${shared.entries.length} shared entries and ${internal.entries.length} internal entries of ${exportedFor}`;
  print(`${file}: ${id}, ${counts}, unchanged.`);
  print(`The shared chain ends with ${shared.head ?? "nothing"}: compare it with \`dossier.head\` of the case.`);
  print(`The internal chain ends with ${internal.head ?? "nothing"}: compare it with \`dossier.internal.head\`.`);
}
