import { checkRow } from "./imported-form.ts";
import { LogFault } from "./log-fault.ts";
import type { MappedRow } from "./log-row.ts";
import { type Mapping, parseTime } from "./mapping.ts";
import type { BuiltInReading, States } from "./states.ts";

/** The mapping of a log, and the states read so far. */
export type Reading = { readonly mapping: Mapping; readonly states: States };

/** The parts of a row that the reader of the log's format provides without the mapping. */
type FormatReading = {
  readonly caseId?: string | undefined;
  readonly order?: number;
  /** Returns the states that the built-in tables give for a word. */
  readonly builtIn: (word: string) => BuiltInReading;
};

/**
 * Returns a row from the columns that a mapping names. `cell` returns the text of a column. Returns undefined if the
 * state is unknown. For any other fault, throws a LogFault that names the place.
 */
export function mapRow(
  cell: (name: string) => string | undefined,
  { mapping, states }: Reading,
  place: string,
  own: FormatReading,
): MappedRow | undefined {
  const requiredCell = (name: string): string => {
    const value = cell(name);
    if (value === undefined) throw new LogFault(`${place}: ${name} is missing`);
    return value;
  };
  const optionalCell = (name: string | undefined): string | undefined => {
    const value = name === undefined ? undefined : cell(name);
    return value === undefined || value === mapping.missing || value.trim() === "" ? undefined : value;
  };
  const caseId = own.caseId ?? optionalCell(mapping.case);
  if (caseId === undefined) throw new LogFault(`${place}: ${mapping.case} names no case`);
  const time = parseTime(requiredCell(mapping.time), mapping.timeFormat);
  if (time === undefined)
    throw new LogFault(
      `${place}: "${requiredCell(mapping.time)}" is not a time of the form ${formOf[mapping.timeFormat]}`,
    );
  const order = mapping.order === undefined ? (own.order ?? 0) : Number(requiredCell(mapping.order));
  if (Number.isNaN(order))
    throw new LogFault(`${place}: "${requiredCell(mapping.order ?? "")}" in ${mapping.order} is not a number`);
  const word = requiredCell(mapping.status);
  const status = states.read(word, place, own.builtIn(word));
  if (status === undefined) return undefined;
  const [person, holder] = [optionalCell(mapping.person), optionalCell(mapping.holder)];
  const fields = Object.fromEntries(
    mapping.fields
      .map((name) => [name, cell(name)] as const)
      .filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== mapping.missing),
  );
  const row = { caseId, time, order, status, ...(person && { person }), ...(holder && { holder }), fields };
  return checkRow(row, place);
}

const formOf: Readonly<Record<Mapping["timeFormat"], string>> = {
  "D/M/YYYY H:M": "D/M/YYYY H:M",
  "ISO 8601": "ISO 8601 with an offset, like 2026-03-02T09:15:00+01:00",
};
