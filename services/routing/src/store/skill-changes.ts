import type { Instant, Skill, SkillCounts } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

/** Skills to write: a person, and the person's skills as canonical JSON. */
export type WantedSkills = { readonly person: string; readonly skills: string };

export type SkillWriter = {
  readonly party: string;
  /** The person who makes the change, if the request names the person. */
  readonly actor: string | undefined;
  readonly at: Instant;
};

/**
 * Returns the part of a statement that compares the party `$1` with the rows of `wanted`, both as canonical JSON. With `removesOthers`,
 * people who are missing in `wanted` count as removed. The type json keeps the text that was stored, so equal texts mean equal skills.
 */
export function comparedWith(removesOthers: boolean): string {
  return `
  -- part.compared
  compared as (
    select coalesce(wanted.person, current.person) as person, current.skills as before, wanted.skills as after,
      case
        when current.person is null then 'added'
        when wanted.person is null then 'removed'
        when current.skills::text = wanted.skills::text then 'unchanged'
        else 'changed'
      end as change
    from wanted ${removesOthers ? "full" : "left"} join (
      select person, skills from skilled_person where party = $1
    ) current on current.person = wanted.person
  )`;
}

/** Counts the rows of `compared` by their change. */
export const countsOfCompared = `
  json_build_object(
    'added', count(*) filter (where change = 'added'),
    'removed', count(*) filter (where change = 'removed'),
    'changed', count(*) filter (where change = 'changed'),
    'unchanged', count(*) filter (where change = 'unchanged')
  )`;

/** Writes the rows of `compared` that differ, and their history, by the actor `$2` at `$3`, for the upload `$4`. */
const writes = `
  -- part.writes
  differing as (select * from compared where change <> 'unchanged'),
  removed as (
    delete from skilled_person using differing
    where party = $1 and skilled_person.person = differing.person and change = 'removed'
  ),
  saved as (
    insert into skilled_person (party, person, skills, changed_at)
    select $1, person, after, $3::timestamptz from differing where after is not null
    on conflict (party, person) do update set skills = excluded.skills, changed_at = excluded.changed_at
  ),
  history as (
    insert into skill_change (party, person, changed_at, actor_party, actor_person, upload, before, after)
    select $1, person, $3::timestamptz, $1, $2, $4, before, after from differing order by person
  )`;

/** Replaces the skills of the given people, and appends the changes to the history. Other people stay as they are. */
export async function saveSkills(
  tx: Tx,
  { party, actor, at }: SkillWriter,
  people: readonly WantedSkills[],
): Promise<SkillCounts> {
  const [row] = await tx.query<{ counts: SkillCounts }>({
    text: `
      -- routing.save-skills
      with wanted as (select * from unnest($5::text[], $6::json[]) as wanted (person, skills)),
      ${comparedWith(false)}, ${writes}
      select ${countsOfCompared} as counts from compared`,
    values: [
      party,
      actor ?? null,
      toSql(at),
      null,
      people.map(({ person }) => person),
      people.map(({ skills }) => skills),
    ],
  });
  return row?.counts ?? noChange;
}

/** Applies the rows of an upload in one statement, and appends the changes to the history. */
export async function applyUploadRows(
  tx: Tx,
  { party, actor, at }: SkillWriter,
  upload: { readonly id: string; readonly removesOthers: boolean },
): Promise<SkillCounts> {
  const [row] = await tx.query<{ counts: SkillCounts }>({
    text: `
      -- routing.apply-skill-upload
      with wanted as (select person, skills from skill_upload_person where upload = $4),
      ${comparedWith(upload.removesOthers)}, ${writes}
      select ${countsOfCompared} as counts from compared`,
    values: [party, actor ?? null, toSql(at), upload.id],
  });
  return row?.counts ?? noChange;
}

export const noChange: SkillCounts = { added: 0, removed: 0, changed: 0, unchanged: 0 };

export type SkillChangeRow = {
  readonly number: number;
  readonly at: Instant;
  readonly party: string;
  readonly actor: string | null;
  readonly upload: string | null;
  readonly before: Skill[] | null;
  readonly after: Skill[] | null;
};

/** Lists the changes of a person's skills before the number `before`, newest first. */
export function listSkillChanges(
  tx: Tx,
  { party, person }: { readonly party: string; readonly person: string },
  before: number,
  limit: number,
): Promise<SkillChangeRow[]> {
  return tx.query({
    text: `
      -- routing.list-skill-changes
      select number, changed_at as at, actor_party as party, actor_person as actor, upload, before, after
      from skill_change where party = $1 and person = $2 and number < $3
      order by number desc limit $4`,
    values: [party, person, before, limit],
  });
}
