import type { Instant, Skill, SkillCounts } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";
import { type WantedSkills, comparedWith, countsOfCompared, noChange } from "./skill-changes.ts";

/** The time for which an upload is stored. */
export const uploadKeptMs = 86_400_000;

export type UploadRow = {
  readonly id: string;
  readonly party: string;
  readonly mode: "replace" | "add";
  readonly actor: string | null;
  readonly openedAt: Instant;
  readonly appliedAt: Instant | null;
  readonly counts: SkillCounts | null;
  readonly people: number;
};

export async function insertUpload(
  tx: Tx,
  { id, party, mode, actor, openedAt }: Omit<UploadRow, "appliedAt" | "counts" | "people">,
): Promise<void> {
  await tx.query({
    text: `
      -- routing.insert-skill-upload
      insert into skill_upload (id, party, mode, actor_person, opened_at) values ($1, $2, $3, $4, $5::timestamptz)`,
    values: [id, party, mode, actor, toSql(openedAt)],
  });
}

/** Finds an upload of a party. With `lock`, no other transaction can change the upload until this one ends. */
export async function findUpload(tx: Tx, party: string, id: string, lock = false): Promise<UploadRow | undefined> {
  const [row] = await tx.query<UploadRow>({
    text: `
      -- routing.find-skill-upload
      select id, party, mode, actor_person as actor, opened_at as "openedAt", applied_at as "appliedAt", counts,
        (select count(*) from skill_upload_person where upload = id) as people
      from skill_upload where party = $1 and id = $2${lock ? " for update" : ""}`,
    values: [party, id],
  });
  return row;
}

/** Counts the uploads of a party that were opened after `since`. */
export async function countUploads(tx: Tx, party: string, since: Instant): Promise<number> {
  const [row] = await tx.query<{ count: number }>({
    text: `
      -- routing.count-skill-uploads
      select count(*) as count from skill_upload
      where party = $1 and applied_at is null and opened_at > $2::timestamptz`,
    values: [party, toSql(since)],
  });
  return row?.count ?? 0;
}

/** Adds people to an upload. A person who is already in the upload gets the new skills. */
export async function saveUploadPeople(tx: Tx, upload: string, people: readonly WantedSkills[]): Promise<void> {
  await tx.query({
    text: `
      -- routing.save-skill-upload-people
      insert into skill_upload_person (upload, person, skills)
      select $1, person, skills from unnest($2::text[], $3::json[]) as added (person, skills) order by person
      on conflict (upload, person) do update set skills = excluded.skills`,
    values: [upload, people.map(({ person }) => person), people.map(({ skills }) => skills)],
  });
}

/** Stores the result of an upload, and deletes its people. */
export async function endUpload(tx: Tx, id: string, at: Instant, counts: SkillCounts): Promise<void> {
  await tx.query({
    text: `
      -- routing.end-skill-upload
      with emptied as (delete from skill_upload_person where upload = $1)
      update skill_upload set applied_at = $2::timestamptz, counts = $3 where id = $1`,
    values: [id, toSql(at), JSON.stringify(counts)],
  });
}

/** Deletes an upload and its people. Returns false if the party has no such upload. */
export async function deleteUpload(tx: Tx, party: string, id: string): Promise<boolean> {
  const rows = await tx.query({
    text: `
      -- routing.delete-skill-upload
      delete from skill_upload where party = $1 and id = $2 returning id`,
    values: [party, id],
  });
  return rows.length > 0;
}

/** Deletes up to `most` uploads, with their people, after a day. */
export async function expireUploads(tx: Tx, most: number): Promise<void> {
  await tx.query({
    text: `
      -- routing.expire-skill-uploads
      delete from skill_upload where id in (
        select id from skill_upload where opened_at < clock_timestamp() - make_interval(secs => $1 / 1000)
        order by opened_at limit $2 for update skip locked)`,
    values: [uploadKeptMs, most],
  });
}

/** One person whose skills an upload would change. */
export type DifferenceRow = {
  readonly person: string;
  readonly change: "added" | "removed" | "changed";
  readonly before: Skill[] | null;
  readonly after: Skill[] | null;
};

/**
 * Reads the change that an upload would make now: the counts, the party's revision, and the people whose ids follow `after`. All parts show the same
 * state, because one statement reads them.
 */
export async function readDifference(
  tx: Tx,
  { party, id, mode }: Pick<UploadRow, "party" | "id" | "mode">,
  after: string,
  limit: number,
): Promise<{ readonly revision: number; readonly counts: SkillCounts; readonly rows: readonly DifferenceRow[] }> {
  const rows = await tx.query<{ revision: number; counts: SkillCounts } & Partial<DifferenceRow>>({
    text: `
      -- routing.read-skill-difference
      with wanted as (select person, skills from skill_upload_person where upload = $2),
      ${comparedWith(mode === "replace")}
      select revision, counts, person, change, before, after
      from (select coalesce(max(number), 0) as revision from skill_change where party = $1) last
      cross join (select ${countsOfCompared} as counts from compared) counted
      left join (
        select * from compared where change <> 'unchanged' and person > $3 order by person limit $4
      ) differing on true
      order by person`,
    values: [party, id, after, limit],
  });
  return {
    revision: rows[0]?.revision ?? 0,
    counts: rows[0]?.counts ?? noChange,
    rows: rows.flatMap(({ person, change, before = null, after: then = null }) =>
      person == null || change == null ? [] : [{ person, change, before, after: then }],
    ),
  };
}
