import { type Refusal, type Skill, type SkillCounts, type SkilledPeople, refusal } from "@crossline/contracts";
import { canonicalSkills } from "@crossline/domain";
import { type IdempotentOutcome, withIdempotency } from "@crossline/idempotency";
import { type Database, type Tx, now } from "@crossline/postgres";
import { type WantedSkills, saveSkills } from "../store/skill-changes.ts";
import { type SkilledPersonRow, countSkills, findSkilledPerson, lockSkills, removePerson } from "../store/skills.ts";
import type { CommandRequest } from "./change-case.ts";

/** The maximum number of people of a party who have skills. */
export const peopleMax = 50_000;

export const tooManyPeople: Refusal = refusal(
  "limit_reached",
  `A party can have at most ${peopleMax} people with skills.`,
);
export const noSkills: Refusal = refusal("not_found", "This person has no skills, or you cannot read them.");

/** The party whose skills change, and the person who changes them, if the request names the person. */
export type SkillOwner = { readonly party: string; readonly changedBy: string | undefined };

/** Replaces the skills of one person. Equal skills change nothing. */
export function setPerson(
  database: Database,
  { party, changedBy }: SkillOwner,
  person: string,
  skills: readonly Skill[],
): Promise<SkilledPersonRow | Refusal> {
  return database.transaction(async (tx) => {
    await lockSkills(tx, party);
    const [known, { people }] = [await findSkilledPerson(tx, party, person), await countSkills(tx, party)];
    if (known === undefined && people >= peopleMax) return tooManyPeople;
    await saveSkills(tx, { party, actor: changedBy, at: await now(tx) }, toWanted([{ person, skills }]));
    return (await findSkilledPerson(tx, party, person)) ?? noSkills;
  });
}

/** Replaces the skills of the named people, all or none. Other people stay as they are. */
export function setPeople(
  database: Database,
  commandRequest: CommandRequest,
  { party, changedBy }: SkillOwner,
  people: SkilledPeople,
): Promise<IdempotentOutcome<SkillCounts>> {
  return withIdempotency<SkillCounts>(database, commandRequest, async (tx) => {
    await lockSkills(tx, party);
    const counts = await saveSkills(tx, { party, actor: changedBy, at: await now(tx) }, toWanted(people));
    return (await findTooMany(tx, party)) ?? { status: 200, body: counts };
  });
}

/** Removes the skills of a person. The history stays. */
export function removeSkills(
  database: Database,
  { party, changedBy }: SkillOwner,
  person: string,
): Promise<Refusal | undefined> {
  return database.transaction(async (tx) => {
    await lockSkills(tx, party);
    const isRemoved = await removePerson(tx, { party, person, actor: changedBy, at: await now(tx) });
    return isRemoved ? undefined : noSkills;
  });
}

export function toWanted(
  people: readonly { readonly person: string; readonly skills: readonly Skill[] }[],
): readonly WantedSkills[] {
  return people.map(({ person, skills }) => ({ person, skills: canonicalSkills(skills) }));
}

/** Returns a refusal if a party has more people than allowed. The caller's transaction must then be rolled back. */
export async function findTooMany(tx: Tx, party: string): Promise<Refusal | undefined> {
  const { people } = await countSkills(tx, party);
  return people > peopleMax ? tooManyPeople : undefined;
}
