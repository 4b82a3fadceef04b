import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import type { ProblemField } from "@crossline/contracts";
import { LineCounter, type Node, isMap, isSeq, parseDocument } from "yaml";
import { CommandFault } from "./fault.ts";

/** A fault in a file, with its place in the form that editors read. */
export type PlacedFault = {
  readonly line: number;
  readonly column: number;
  readonly at: string;
  readonly message: string;
};

/**
 * The value of a document, or the fault that makes the document unreadable. `place` adds the row and column to which a
 * fault's JSON Pointer refers.
 */
export type DocumentReading =
  | { readonly ok: true; readonly value: unknown; readonly place: (fault: ProblemField) => PlacedFault }
  | { readonly ok: false; readonly fault: PlacedFault };

/** The maximum number of values to which all aliases together may expand. */
const aliasesMax = 100;

/** Reads a document in YAML or JSON. */
export function readDocument(text: string): DocumentReading {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const placeOf = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const message =
      error.code === "MULTIPLE_DOCS"
        ? "has a second document: write one document per file"
        : (error.message.split("\n")[0] ?? "cannot be read");
    return { ok: false, fault: { ...placeOf(error.pos[0]), at: "", message } };
  }
  const place = ({ at, message }: ProblemField) => ({ ...placeOf(offsetOf(document.contents, at)), at, message });
  if (document.contents === null) return { ok: false, fault: { line: 1, column: 1, at: "", message: "is empty" } };
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: aliasesMax }) as unknown, place };
  } catch (cause) {
    // Aliases of aliases expand exponentially. The library yaml detects too many aliases only in `toJS` (yaml 2, "Data
    // Options").
    if (!(cause instanceof ReferenceError)) throw cause;
    return { ok: false, fault: { line: 1, column: 1, at: "", message: "has too many aliases: write the values out" } };
  }
}

/** Reads a file in UTF-8. Throws a CommandFault if the file cannot be read or is not UTF-8. */
export function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new CommandFault(`Cannot read ${file}: ${(cause as Error).message}.`, { cause });
  }
  if (!isUtf8(bytes)) throw new CommandFault(`${file}:${badLine(bytes)} is not text in UTF-8. Save the file in UTF-8.`);
  return bytes.toString("utf8");
}

/** Returns the first row that is not UTF-8. No multi-byte character of UTF-8 contains the byte of a newline. */
function badLine(bytes: Buffer): number {
  let line = 1;
  for (let from = 0; ; line++) {
    const end = bytes.indexOf(0x0a, from);
    if (end === -1 || !isUtf8(bytes.subarray(from, end))) return line;
    from = end + 1;
  }
}

/** Returns a fault as one row of text in the format of compilers. */
export function toLine(file: string, { line, column, at, message }: PlacedFault): string {
  return `${file}:${line}:${column} ${at === "" ? "/" : at} ${message}`;
}

/**
 * Returns the offset of the node at a JSON Pointer. If the node is absent, returns the offset of the nearest node above
 * it.
 */
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
