import { writeFileSync } from "node:fs";
import type { SkillCounts, SkillDifference } from "@crossline/contracts";
import { findAddress, readCompanyKey } from "../connection.ts";
import { CommandFault } from "../fault.ts";
import { print, printRows, say } from "../print.ts";
import { startProgress } from "../replay/progress.ts";
import { readPeople } from "../skills/read-people.ts";
import type { RefusedRow } from "../skills/read-row.ts";
import {
  type Connection,
  type UploadContent,
  applyUpload,
  deleteUpload,
  readUploadDifference,
  sendUpload,
} from "../skills/upload.ts";

const shownMax = 20;

export type SkillsOptions = {
  readonly replace?: boolean;
  readonly dryRun?: boolean;
  readonly zone: string;
  readonly by?: string;
  readonly report?: string;
  /** The address of another Crossline. The default is the running Crossline of this checkout, at `port` if `port` is set. */
  readonly url?: string;
  readonly port?: number;
  /** How long the verb repeats a failed request. Default: a minute. */
  readonly giveUpMs?: number;
};

/**
 * Runs `skills import FILE`. All people of the file are applied at once, or with `dryRun` none. Returns 0 if every row was good, and 1 if a
 * row was refused; the good people are imported in both cases. With a refused row, `replace` removes no person, because the row may be
 * about a person who would be removed.
 */
export async function importSkills(file: string, options: SkillsOptions): Promise<number> {
  const { people, rows, refused } = await readPeople(file, options.zone);
  print(`${file}: ${rows} rows, ${people.length} people, ${refused.length} rows refused`);
  if (refused.length > 0) reportRefused(refused, options.report ?? `${file}.refused.csv`);
  const isReplacing = options.replace === true && refused.length === 0;
  if (options.replace === true && !isReplacing) print("No person will be removed, because rows were refused.");
  const isEmpty = people.length === 0;
  if (isEmpty) print("There is no person to import.");
  else {
    const url = await findAddress(options);
    const content: UploadContent = { mode: isReplacing ? "replace" : "add", changedBy: options.by, people };
    const connection = { url, key: readCompanyKey(), giveUpMs: options.giveUpMs };
    await sendPeople(connection, content, options.dryRun === true);
  }
  return refused.length > 0 || isEmpty ? 1 : 0;
}

async function sendPeople(connection: Connection, content: UploadContent, isDryRun: boolean): Promise<void> {
  let sent = 0;
  const progress = startProgress(
    content.people.length,
    () => sent,
    (text) => void process.stderr.write(text),
    "people",
  );
  const upload = await sendUpload(connection, content, (people) => void (sent = people)).finally(() => progress.stop());
  if (!isDryRun) {
    say(`imported at once: ${describe(await applyUpload(connection, upload))}`);
    return;
  }
  const difference = await readUploadDifference(connection, upload.id);
  printDifference(difference);
  await deleteUpload(connection, upload.id);
  print(`Nothing was changed: ${describe(difference.counts)} would follow.`);
}

function describe({ added, removed, changed, unchanged }: SkillCounts): string {
  return `${added} people added, ${removed} removed, ${changed} changed, ${unchanged} unchanged`;
}

function printDifference({ items, counts: { added, removed, changed } }: SkillDifference): void {
  const rows = items.map(({ person, change, before = [], after = [] }) => ({
    person,
    change,
    before: `${before.length} skills`,
    after: `${after.length} skills`,
  }));
  printRows(rows);
  const more = added + removed + changed - items.length;
  if (more > 0) print(`  … and ${more} more people`);
}

function reportRefused(refused: readonly RefusedRow[], report: string): void {
  for (const { row, column, reason } of refused.slice(0, shownMax))
    print(`  row ${row}${column === undefined ? "" : `, ${column}`}: ${reason}`);
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const lines = refused.map(({ row, column = "", reason }) => `${row},${column},${quoted(reason)}\n`);
  try {
    writeFileSync(report, `row,column,reason\n${lines.join("")}`);
  } catch (cause) {
    throw new CommandFault(`${report} cannot be written: ${(cause as Error).message}`, { cause });
  }
  if (refused.length > shownMax) print(`  … and ${refused.length - shownMax} more rows`);
  print(`All refused rows are in ${report}.`);
}
