import type { SkilledPeople, Skill } from "@crossline/contracts";
import { CommandFault } from "../fault.ts";
import { parseNumberedCsv } from "../replay/csv.ts";
import { readText } from "../replay/open-log.ts";
import { type RefusedRow, readHeader, readRow } from "./read-row.ts";

const skillsMax = 100;

/** The people of a file, the number of its rows, and the rows that were refused. */
export type PeopleFile = {
  readonly people: SkilledPeople;
  readonly rows: number;
  readonly refused: readonly RefusedRow[];
};

type FoundPerson = { readonly skills: Skill[]; readonly rows: number[]; isRefused: boolean };

/**
 * Reads a file of skills, in which each row is one skill of a person. A request replaces all skills of a person. A person with a refused row is therefore left out, with the person's other rows. Throws a CommandFault for a file that cannot be read.
 */
export async function readPeople(file: string, zone: string): Promise<PeopleFile> {
  const found = new Map<string, FoundPerson>();
  const refused: RefusedRow[] = [];
  let header: ReturnType<typeof readHeader> | undefined;
  let rows = 0;
  try {
    for await (const row of parseNumberedCsv(readText(file))) {
      if (header === undefined) {
        header = readHeader(row.fields);
        continue;
      }
      rows += 1;
      const read = readRow(header, row, zone);
      if (!read.ok) refused.push(read.refused);
      if (read.person === undefined) continue;
      const person = found.get(read.person) ?? { skills: [], rows: [], isRefused: false };
      found.set(read.person, person);
      const isFull = person.skills.length >= skillsMax;
      if (read.ok && isFull)
        refused.push({ row: row.number, reason: `is skill ${skillsMax + 1} or a later skill of the person` });
      if (!read.ok || isFull) person.isRefused = true;
      else {
        person.skills.push(read.skill);
        person.rows.push(row.number);
      }
    }
  } catch (error) {
    if (error instanceof CommandFault) throw error;
    throw new CommandFault(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  if (header === undefined) throw new CommandFault(`${file} is empty.`);
  for (const person of found.values()) {
    if (!person.isRefused) continue;
    for (const row of person.rows) refused.push({ row, reason: "another row of this person was refused" });
  }
  const people = [...found]
    .filter(([, { isRefused }]) => !isRefused)
    .map(([person, { skills }]) => ({ person, skills }));
  return { people, rows, refused: refused.toSorted((one, other) => one.row - other.row) };
}
