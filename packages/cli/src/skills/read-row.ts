import { type Skill, skill, skillParams } from "@crossline/contracts";
import { CommandFault } from "../fault.ts";

/** The columns of a file of skills. */
const columns = [
  "person",
  "os",
  "from_version",
  "to_version",
  "model",
  "level",
  "valid_from",
  "valid_to",
  "source",
] as const;
type Column = (typeof columns)[number];
type Header = ReadonlyMap<Column, number>;

const needed: readonly Column[] = ["person", "level", "valid_from", "source"];
const columnOf: Readonly<Record<string, Column>> = {
  os: "os",
  versions: "from_version",
  "versions.from": "from_version",
  "versions.to": "to_version",
  model: "model",
  level: "level",
  from: "valid_from",
  until: "valid_to",
  source: "source",
};

/** A row that was refused: its number in the file, the column if one column is the reason, and the reason. */
export type RefusedRow = { readonly row: number; readonly column?: Column; readonly reason: string };
export type ReadRow =
  | { readonly ok: true; readonly person: string; readonly skill: Skill }
  | { readonly ok: false; readonly person: string | undefined; readonly refused: RefusedRow };

/** Reads the header row. The columns may have any order. Throws a CommandFault for a missing, unknown or repeated column. */
export function readHeader(fields: readonly string[]): Header {
  const names = fields.map((name) => name.trim().toLowerCase());
  const unknown = names.find((name) => !(columns as readonly string[]).includes(name));
  const problem =
    unknown === undefined
      ? needed.filter((name) => !names.includes(name)).map((name) => `the column ${name} is missing`)[0]
      : `there is no column ${JSON.stringify(unknown.slice(0, 60))}`;
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  const fault = problem ?? (repeated === undefined ? undefined : `the column ${repeated} occurs twice`);
  if (fault !== undefined)
    throw new CommandFault(`The header row is wrong: ${fault}. The columns are ${columns.join(",")}.`);
  return new Map(names.map((name, index) => [name as Column, index]));
}

/**
 * Reads one row as a skill of a person. An empty field counts as missing. A date in `valid_from` means the start of the day in `zone`, and
 * a date in `valid_to` means the end of the day.
 */
export function readRow(
  header: Header,
  { number, fields }: { number: number; fields: readonly string[] },
  zone: string,
): ReadRow {
  const field = (name: Column): string | undefined => {
    const text = fields[header.get(name) ?? -1]?.trim();
    return text === "" ? undefined : text;
  };
  const person = skillParams.shape.person.safeParse(field("person"));
  const refuse = (reason: string, column?: Column): ReadRow => ({
    ok: false,
    person: person.data,
    refused: { row: number, ...(column !== undefined && { column }), reason },
  });
  if (!person.success) return refuse(reasonOf(person.error.issues), "person");
  if (fields.length > header.size) return refuse(`has ${fields.length} fields, but the header row has ${header.size}`);
  const [from, to] = [field("from_version"), field("to_version")];
  const read = skill.safeParse(
    withoutMissing({
      os: field("os"),
      versions: from === undefined && to === undefined ? undefined : withoutMissing({ from, to }),
      model: field("model"),
      level: toNumber(field("level")),
      from: toInstant(field("valid_from"), zone, 0),
      until: toInstant(field("valid_to"), zone, 1),
      source: field("source"),
    }),
  );
  if (read.success) return { ok: true, person: person.data, skill: read.data };
  return refuse(reasonOf(read.error.issues), columnOf[read.error.issues[0]?.path.join(".") ?? ""]);
}

function withoutMissing(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function reasonOf(
  issues: readonly { readonly message: string; readonly input?: unknown; readonly code?: string }[],
): string {
  const [issue] = issues;
  return issue?.code === "invalid_type" ? "is missing or has the wrong form" : (issue?.message ?? "is not valid");
}

function toNumber(text: string | undefined): unknown {
  return text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : text;
}

function toInstant(text: string | undefined, zone: string, daysLater: number): string | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
  try {
    const date = Temporal.PlainDate.from(text, { overflow: "reject" }).add({ days: daysLater });
    return date.toZonedDateTime(zone).toInstant().toString();
  } catch {
    return text; // the schema refuses this text with its reason
  }
}
