import type { Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";
import type { MissingSkillRow } from "./pool-changes.ts";

/** Stores the cases that left because a person lacked a skill. */
export async function insertMissingSkills(tx: Tx, rows: readonly MissingSkillRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    name: "routing.insert-missing-skills",
    text: `
      -- routing.insert-missing-skills
      insert into missing_skill (party, person, left_at, case_id, sequence, timeline, level, went_to)
      select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::integer[], $6::text[], $7::smallint[],
        $8::text[])`,
    values: [
      rows.map(({ party }) => party),
      rows.map(({ person }) => person),
      rows.map(({ at }) => toSql(at)),
      rows.map(({ caseId }) => caseId),
      rows.map(({ sequence }) => sequence),
      rows.map(({ timeline }) => timeline),
      rows.map(({ level }) => level),
      rows.map(({ to }) => to),
    ],
  });
}

/** The place of a case in the list of a person. */
export type LeftCasePlace = { readonly at: Instant; readonly caseId: string; readonly sequence: number };

/** A case that left because the person lacked a skill. */
export type LeftCase = Pick<MissingSkillRow, "at" | "caseId" | "sequence" | "timeline" | "level" | "to">;

/** Lists the cases that left because a person lacked a skill and that precede a place, the newest first. */
export function listLeftCases(
  tx: Tx,
  { party, person }: { readonly party: string; readonly person: string },
  before: LeftCasePlace | undefined,
  limit: number,
): Promise<LeftCase[]> {
  return tx.query({
    name: "routing.list-left-cases",
    text: `
      -- routing.list-left-cases
      select left_at as at, case_id as "caseId", sequence, timeline, level, went_to as "to" from missing_skill
      where party = $1 and person = $2 and (left_at, case_id, sequence) < ($3::timestamptz, $4, $5)
      order by left_at desc, case_id desc, sequence desc limit $6`,
    values: [party, person, toSql(before?.at ?? Infinity), before?.caseId ?? "", before?.sequence ?? 0, limit],
  });
}
