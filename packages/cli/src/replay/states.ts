import type { CaseStatus } from "@crossline/contracts";
import { LogFault } from "./log-fault.ts";
import type { Mapping, RowStatus } from "./mapping.ts";

/** What the built-in tables say of one row. */
export type BuiltInReading = {
  /** A word of the row is the name of a state. */
  readonly named: CaseStatus | undefined;
  /** From the transition alone. */
  readonly guessed?: CaseStatus | undefined;
  /** The word to be explained where neither is known, if it is another than the state's. */
  readonly unknown?: string;
};

type Count = { readonly word: string; readonly status?: RowStatus; readonly place: string; rows: number };

const wordsMax = 20;

/**
 * Reads the words that a log has for its states: first as the mapping says, then by the built-in table, then as the
 * mapping's `otherStatus`, last by the transition alone. Counts what is unknown and what is not certain.
 */
export class States {
  readonly #mapping: Mapping;
  readonly #unknown = new Map<string, Count>();
  readonly #others = new Map<string, Count>();
  readonly #guesses = new Map<string, Count>();

  constructor(mapping: Mapping) {
    this.#mapping = mapping;
  }

  /** The state in which a row leaves its case; undefined where nothing says it, and `refuse` will. */
  read(word: string, place: string, { named, guessed, unknown = word }: BuiltInReading): RowStatus | undefined {
    const { statuses, otherStatus } = this.#mapping;
    const known = Object.hasOwn(statuses, word) ? statuses[word] : named;
    if (known !== undefined) return known;
    if (otherStatus !== undefined) return count(this.#others, word, place, otherStatus);
    if (guessed !== undefined) return count(this.#guesses, word, place, guessed);
    count(this.#unknown, unknown, place);
    return undefined;
  }

  /** Throws one fault for all words that nothing explains. */
  refuse(file: string): void {
    const { size } = this.#unknown;
    if (size === 0) return;
    const words = list(this.#unknown, ({ word, rows, place }) => `"${word}" (${inRows(rows)}, first in ${place})`);
    throw new LogFault(
      `${file} has ${size === 1 ? "a state" : `${size} states`} that nothing explains: ${words}. Say in a mapping file what each means, and pass it with --mapping FILE.`,
    );
  }

  /** What was read and is not certain, a sentence each. */
  notes(): string[] {
    const read = ({ word, status, rows }: Count): string => `"${word}" as ${status} (${inRows(rows)})`;
    const notes: string[] = [];
    if (this.#others.size > 0)
      notes.push(`States that only otherStatus covers were read as it says: ${list(this.#others, read)}.`);
    if (this.#guesses.size > 0)
      notes.push(`Names that are no state were read by their transition alone: ${list(this.#guesses, read)}.`);
    return notes;
  }
}

function count<Status extends RowStatus | undefined>(
  counts: Map<string, Count>,
  word: string,
  place: string,
  status?: Status,
): Status | undefined {
  const key = `${word}\n${status}`;
  const known = counts.get(key);
  if (known === undefined) counts.set(key, { word, place, rows: 1, ...(status !== undefined && { status }) });
  else known.rows++;
  return status;
}

/** The words with the most rows. */
function list(counts: ReadonlyMap<string, Count>, write: (count: Count) => string): string {
  const sorted = [...counts.values()].toSorted((a, b) => b.rows - a.rows);
  const rest = sorted.slice(wordsMax);
  const others =
    rest.length === 0 ? "" : ` and ${rest.length} others (${inRows(rest.reduce((all, { rows }) => all + rows, 0))})`;
  return `${sorted.slice(0, wordsMax).map(write).join(", ")}${others}`;
}

function inRows(rows: number): string {
  return rows === 1 ? "1 row" : `${rows} rows`;
}
