import { readFileSync } from "node:fs";
import { lint, lintCalendar } from "@crossline/domain";
import { LineCounter, type Node, isMap, isSeq, parseDocument } from "yaml";
import { LocalFault } from "../fault.ts";
import { tell } from "../print.ts";

/** A fault of a file, at a place that an editor can go to. */
export type PlacedFault = {
  readonly line: number;
  readonly column: number;
  readonly at: string;
  readonly message: string;
};

/** `line check FILE …`: 0 where every file could be published, 1 where one could not, with each fault at its line and column. */
export async function checkLines(files: readonly string[]): Promise<number> {
  if (files.length === 0) throw new LocalFault("Name the files to check.");
  let faulty = 0;
  for (const file of files) {
    const { what, faults } = checkText(read(file));
    if (faults.length > 0) faulty++;
    if (faults.length === 0) tell(`${file}: ${what} without faults`);
    for (const { line, column, at, message } of faults)
      tell(`${file}:${line}:${column} ${at === "" ? "/" : at} ${message}`);
  }
  return faulty === 0 ? 0 : 1;
}

/** Lints a line or a calendar as it was written, in YAML or JSON. */
export function checkText(text: string): {
  readonly what: "a line" | "a calendar";
  readonly faults: readonly PlacedFault[];
} {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const place = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const message = error.message.split("\n")[0] ?? "cannot be read";
    return { what: "a line", faults: [{ ...place(error.pos[0]), at: "", message }] };
  }
  const written: unknown = document.toJS();
  const isCalendar = typeof written === "object" && written !== null && "week" in written;
  const linted = isCalendar ? lintCalendar(written) : lint(written);
  const faults = linted.ok
    ? []
    : linted.faults.map(({ at, message }) => ({ ...place(offsetOf(document.contents, at)), at, message }));
  return { what: isCalendar ? "a calendar" : "a line", faults };
}

/** Where a JSON Pointer leads to in the text, or the nearest thing above it that is there. */
function offsetOf(root: unknown, pointer: string): number {
  let node = root;
  let offset = rangeOf(node);
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (isMap(node)) {
      const pair = node.items.find(({ key: name }) => String((name as { value?: unknown }).value) === key);
      if (pair === undefined) return offset;
      offset = rangeOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = rangeOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function rangeOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new LocalFault(`Cannot read ${file}: ${(cause as Error).message}.`, { cause });
  }
}
