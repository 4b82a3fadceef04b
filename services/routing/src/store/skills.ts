import type { Instant, Skill } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

export type SkilledPersonRow = {
  readonly person: string;
  readonly skills: readonly Skill[];
  readonly changedAt: Instant;
};

/** Reads the skills of people of a party, valid or not. The result omits people without skills. */
export async function readSkills(
  tx: Tx,
  party: string,
  persons: readonly string[],
): Promise<ReadonlyMap<string, readonly Skill[]>> {
  const rows = await tx.query<SkilledPersonRow>({
    name: "routing.read-skills",
    text: `
      -- routing.read-skills
      select person, skills from skilled_person where party = $1 and person = any($2::text[]) order by person`,
    values: [party, persons],
  });
  return new Map(rows.map(({ person, skills }) => [person, skills]));
}

/** Finds a person of a party who has skills. */
export async function findSkilledPerson(tx: Tx, party: string, person: string): Promise<SkilledPersonRow | undefined> {
  const [row] = await tx.query<SkilledPersonRow>({
    text: `
      -- routing.find-skilled-person
      select person, skills, changed_at as "changedAt" from skilled_person where party = $1 and person = $2`,
    values: [party, person],
  });
  return row;
}

/**
 * Lists the people of a party who have skills and whose ids follow `after`, ordered by id, with the party's revision. All rows show the
 * same state, because one statement reads them.
 */
export async function listSkilledPeople(
  tx: Tx,
  party: string,
  after: string,
  limit: number,
): Promise<{ readonly revision: number; readonly rows: readonly SkilledPersonRow[] }> {
  const rows = await tx.query<{ revision: number } & Partial<SkilledPersonRow>>({
    text: `
      -- routing.list-skilled-people
      select revision, person, skills, "changedAt"
      from (select coalesce(max(number), 0) as revision from skill_change where party = $1) last
      left join (
        select person, skills, changed_at as "changedAt" from skilled_person
        where party = $1 and person > $2 order by person limit $3
      ) people on true
      order by person`,
    values: [party, after, limit],
  });
  const revision = rows[0]?.revision ?? 0;
  return {
    revision,
    rows: rows.flatMap(({ person, skills, changedAt }) =>
      person == null || skills == null || changedAt == null ? [] : [{ person, skills, changedAt }],
    ),
  };
}

/** Locks the skills of a party until the transaction ends, because the transaction counts people and compares skills. */
export async function lockSkills(tx: Tx, party: string): Promise<void> {
  await tx.query({
    text: `
      -- routing.lock-skills
      select pg_advisory_xact_lock(hashtextextended(current_schema() || '/skills/' || $1, 0))`,
    values: [party],
  });
}

/** Returns the number of people of a party who have skills, and the number of the party's last change (0: none). */
export async function countSkills(
  tx: Tx,
  party: string,
): Promise<{ readonly people: number; readonly revision: number }> {
  const [row] = await tx.query<{ people: number; revision: number }>({
    text: `
      -- routing.count-skills
      select (select count(*) from skilled_person where party = $1) as people,
        (select coalesce(max(number), 0) from skill_change where party = $1) as revision`,
    values: [party],
  });
  return row ?? { people: 0, revision: 0 };
}

/** Deletes a person's skills, and appends the change to the history. Returns false if the person has none. */
export async function removePerson(
  tx: Tx,
  { party, person, actor, at }: { party: string; person: string; actor: string | undefined; at: Instant },
): Promise<boolean> {
  const rows = await tx.query({
    text: `
      -- routing.remove-skilled-person
      with removed as (
        delete from skilled_person where party = $1 and person = $2 returning skills
      )
      insert into skill_change (party, person, changed_at, actor_party, actor_person, before)
      select $1, $2, $4::timestamptz, $1, $3, skills from removed
      returning number`,
    values: [party, person, actor ?? null, toSql(at)],
  });
  return rows.length > 0;
}
