import type { LineRef } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { type PublishedLine, lineName, readLines } from "./line-rows.ts";

/** The lines that a process has read, each in the form that its service reads documents into. */
export type Lines<Line> = {
  /** Reads the lines that are not loaded yet, in one statement; no statement where all are. */
  load(tx: Tx, refs: Iterable<LineRef>): Promise<void>;
  /** A loaded line. Throws where the version was never published, and the consumer parks the case. */
  get(ref: LineRef): Line;
  /** A loaded line, if there is one. */
  find(ref: LineRef): Line | undefined;
};

export type LinesOptions<Line> = {
  /** Makes the service's own form of a document. */
  readonly compile: (published: PublishedLine, tx: Tx) => Line | Promise<Line>;
  /** The line that every installation has and no table holds. Without it, that line is never found. */
  readonly builtin?: { readonly ref: LineRef; readonly line: Line };
};

const keptMax = 10_000;

/** The carrier of the built-in line, which publishes nothing. */
const builtinCarrier = "builtin";

/** Keeps up to 10,000 lines for the life of the process: a published version never changes. */
export function createLines<Line>({ compile, builtin }: LinesOptions<Line>): Lines<Line> {
  const kept = new Map<string, Line>();
  // Callers mostly ask for the same line again, three times for each case: making its name each time was 4 % of a firing.
  let last = builtin;

  function find(ref: LineRef): Line | undefined {
    if (last !== undefined && isSame(last.ref, ref)) return last.line;
    const line = builtin !== undefined && isSame(builtin.ref, ref) ? builtin.line : kept.get(lineName(ref));
    if (line !== undefined) last = { ref, line };
    return line;
  }

  return {
    find,
    get(ref) {
      const line = find(ref);
      if (line === undefined) throw new Error(`the line ${lineName(ref)} was never published`);
      return line;
    },
    async load(tx, refs) {
      const missing = new Map<string, LineRef>();
      for (const ref of refs)
        if (ref.carrier !== builtinCarrier && find(ref) === undefined) missing.set(lineName(ref), ref);
      if (missing.size === 0) return;
      if (kept.size + missing.size > keptMax) kept.clear();
      for (const published of await readLines(tx, [...missing.values()]))
        kept.set(lineName(published.line), await compile(published, tx));
    },
  };
}

function isSame(one: LineRef, other: LineRef): boolean {
  return one.version === other.version && one.name === other.name && one.carrier === other.carrier;
}
