import { checkRow } from "./imported-form.ts";
import { LogFault } from "./log-fault.ts";
import type { MappedRow } from "./log-row.ts";
import { type Mapping, parseTime } from "./mapping.ts";
import type { BuiltInReading, States } from "./states.ts";

/** How the rows of a log are read. */
export type Reading = { readonly mapping: Mapping; readonly states: States };

/** What a format reads in its own way. */
type FormatReading = {
  readonly caseId?: string | undefined;
  readonly order?: number;
  /** What the built-in tables make of the state's word. */
  readonly builtIn: (word: string) => BuiltInReading;
};

/** Makes a row of the columns that a mapping names; `cell` answers one's text. A fault names the place. Undefined where the state is unknown. */
export function mapRow(
  cell: (name: string) => string | undefined,
  { mapping, states }: Reading,
  place: string,
  own: FormatReading,
): MappedRow | undefined {
  const must = (name: string): string => {
    const value = cell(name);
    if (value === undefined) throw new LogFault(`${place}: there is no ${name}`);
    return value;
  };
  const known = (name: string | undefined): string | undefined => {
    const value = name === undefined ? undefined : cell(name);
    return value === undefined || value === mapping.missing || value.trim() === "" ? undefined : value;
  };
  const caseId = own.caseId ?? known(mapping.case);
  if (caseId === undefined) throw new LogFault(`${place}: there is no case in ${mapping.case}`);
  const time = parseTime(must(mapping.time), mapping.timeFormat);
  if (time === undefined)
    throw new LogFault(`${place}: "${must(mapping.time)}" is no time of the form ${formOf[mapping.timeFormat]}`);
  const order = mapping.order === undefined ? (own.order ?? 0) : Number(must(mapping.order));
  if (Number.isNaN(order))
    throw new LogFault(`${place}: "${must(mapping.order ?? "")}" in ${mapping.order} is no number`);
  const word = must(mapping.status);
  const status = states.read(word, place, own.builtIn(word));
  if (status === undefined) return undefined;
  const [person, holder] = [known(mapping.person), known(mapping.holder)];
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
