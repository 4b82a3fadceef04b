import type { CaseStatus } from "@crossline/contracts";
import { checkRow } from "./imported-form.ts";
import { LogFault } from "./log-fault.ts";
import type { LogRow } from "./log.ts";
import { type Mapping, parseTime } from "./mapping.ts";

/** What a format reads in its own way. */
type Own = {
  readonly caseId?: string | undefined;
  readonly order?: number;
  readonly status?: CaseStatus;
};

/** Makes a row of the columns that a mapping names; `cell` answers one's text. A fault names the place. */
export function mapRow(
  cell: (name: string) => string | undefined,
  mapping: Mapping,
  place: string,
  own: Own = {},
): LogRow {
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
  const status = own.status ?? mapping.statuses[must(mapping.status)] ?? mapping.otherStatus;
  if (status === undefined)
    throw new LogFault(`${place}: the mapping does not say what the state "${must(mapping.status)}" means`);
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
