import type { CaseStatus } from "@crossline/contracts";
import { LogFault } from "./log-fault.ts";
import type { Mapping, RowStatus } from "./mapping.ts";

/** The states that the built-in tables find in one row. */
export type BuiltInReading = {
  /** Contains the state whose name is a word of the row. Undefined if no word is the name of a state. */
  readonly named: CaseStatus | undefined;
  /** The state that follows from the transition alone. */
  readonly guessed?: CaseStatus | undefined;
  /**
   * If `named` and `guessed` are undefined, the refusal names this word. If this field is absent, the refusal names the
   * word in the column of the state.
   */
  readonly unknown?: string;
};

type Count = { readonly word: string; readonly status?: RowStatus; readonly place: string; rows: number };

const wordsMax = 20;

/**
 * Converts the words of a log to states. The mapping applies first, then the built-in table, then the mapping's
 * `otherStatus`, and last the transition alone. The class counts the unknown and the uncertain words.
 */
export class States {
  readonly #mapping: Mapping;
  readonly #unknown = new Map<string, Count>();
  readonly #others = new Map<string, Count>();
  readonly #guesses = new Map<string, Count>();

  constructor(mapping: Mapping) {
    this.#mapping = mapping;
  }

  /** Returns the state after a row. Returns undefined for an unknown state, which `refuse` then reports. */
  read(word: string, place: string, { named, guessed, unknown = word }: BuiltInReading): RowStatus | undefined {
    const { statuses, otherStatus } = this.#mapping;
    const status = Object.hasOwn(statuses, word) ? statuses[word] : named;
    if (status !== undefined) return status;
    if (otherStatus !== undefined) return count(this.#others, word, place, otherStatus);
    if (guessed !== undefined) return count(this.#guesses, word, place, guessed);
    count(this.#unknown, unknown, place);
    return undefined;
  }

  /** Throws one LogFault for all unknown words. */
  refuse(file: string): void {
    const { size } = this.#unknown;
    if (size === 0) return;
    const words = list(this.#unknown, ({ word, rows, place }) => `"${word}" (${inRows(rows)}, first in ${place})`);
    throw new LogFault(
      `${file} has ${size === 1 ? "an unknown state" : `${size} unknown states`}: ${words}. Name the meaning of each in a mapping file, and pass it with --mapping FILE.`,
    );
  }

  /** Returns a sentence for each kind of uncertain word. */
  notes(): string[] {
    const read = ({ word, status, rows }: Count): string => `"${word}" as ${status} (${inRows(rows)})`;
    const notes: string[] = [];
    if (this.#others.size > 0) notes.push(`Only otherStatus covers these states: ${list(this.#others, read)}.`);
    if (this.#guesses.size > 0)
      notes.push(`These names are not states, so only their transition was read: ${list(this.#guesses, read)}.`);
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
  const previous = counts.get(key);
  if (previous === undefined) counts.set(key, { word, place, rows: 1, ...(status !== undefined && { status }) });
  else previous.rows++;
  return status;
}

/** Lists the words that occur in the most rows, and counts the remaining words. */
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
