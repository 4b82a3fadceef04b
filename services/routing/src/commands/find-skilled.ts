import { type SkillDemand, hasSkill } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { type SkilledPersonRow, listSkilledPeople } from "../store/skills.ts";

const readMax = 2_000;

type SkillSearch = {
  readonly party: string;
  /** If undefined, every person is found. */
  readonly demand: SkillDemand | undefined;
  readonly after: string;
  readonly limit: number;
};

type FoundPeople = {
  readonly people: readonly SkilledPersonRow[];
  readonly revision: number;
  /** The place at which the search continues; undefined if it has reached the last person. */
  readonly next: string | undefined;
};

/**
 * Finds the people of a party who meet a demand, ordered by id. One call reads at most 2,000 people and can return fewer people than
 * `limit`, even if more people follow.
 */
export async function findSkilled(
  database: Database,
  { party, demand, after, limit }: SkillSearch,
): Promise<FoundPeople> {
  const toRead = demand === undefined ? limit : readMax;
  const { rows, revision } = await listSkilledPeople(database, party, after, toRead + 1);
  const read = rows.slice(0, toRead);
  const fitting = demand === undefined ? read : read.filter(({ skills }) => hasSkill(skills, demand));
  const people = fitting.slice(0, limit);
  const isWhole = fitting.length === people.length;
  const last = isWhole ? read.at(-1) : people.at(-1);
  return { people, revision, next: isWhole && rows.length <= toRead ? undefined : last?.person };
}
