import { parseArgs } from "node:util";
import { type Instant, formatInstant, sentInstant, parseInstant } from "@crossline/contracts";
import { compareDuty, lintRoster } from "@crossline/domain";
import { CommandFault } from "../fault.ts";
import { printTable, tell } from "../print.ts";
import { readText, readWritten, toLine } from "../document-file.ts";

const dayMs = 86_400_000;

type Asked = { readonly file: string; readonly at: Instant; readonly days: number };

/**
 * `roster check FILE [--at INSTANT] [--days N]`: 0 where the roster could be published, with its warnings and who is on duty from
 * the instant on; 1 where it could not, with each fault at its line and column.
 */
export async function checkRoster(args: readonly string[]): Promise<number> {
  const { file, at, days } = readArguments(args);
  const written = readWritten(readText(file));
  if (!written.ok) {
    tell(toLine(file, written.fault));
    return 1;
  }
  const linted = lintRoster(written.value, at);
  if (!linted.ok) {
    for (const fault of linted.faults) tell(toLine(file, written.place(fault)));
    return 1;
  }
  tell(`${file}: a roster without faults`);
  for (const { at: place, message } of linted.warnings)
    tell(toLine(file, written.place({ at: place, message: `warning: ${message}` })));
  const reading = { roster: linted.document };
  const { spans } = compareDuty(reading, reading, { from: at, to: at + days * dayMs });
  const rows = spans.map(({ from, to, after }) => ({
    from: formatInstant(from),
    to: formatInstant(to),
    ...Object.fromEntries(Object.entries(after).map(([layer, person]) => [layer, person ?? "–"])),
  }));
  const layers = Object.fromEntries(Object.keys(spans[0]?.after ?? {}).map((layer) => [layer, layer]));
  printTable([{ from: "from", to: "to", ...layers }, ...rows]);
  return 0;
}

function readArguments(args: readonly string[]): Asked {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { at: { type: "string" }, days: { type: "string", default: "7" } },
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new Error("Name one roster.");
    const at = values.at === undefined ? undefined : sentInstant.safeParse(values.at);
    if (at?.success === false) throw new Error(`"${values.at}" is no instant like 2026-03-07T09:00:00-05:00.`);
    if (!/^([1-9]|[12]\d|3[01])$/.test(values.days)) throw new Error("--days takes 1 to 31.");
    return { file, at: at === undefined ? Date.now() : parseInstant(at.data), days: Number(values.days) };
  } catch (cause) {
    throw new CommandFault((cause as Error).message, { cause });
  }
}
