import type { Skill } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

/** Reads the skills of people of a party, valid or not. The result omits people without skills. */
export async function readSkills(
  tx: Tx,
  party: string,
  persons: readonly string[],
): Promise<ReadonlyMap<string, readonly Skill[]>> {
  const rows = await tx.query<{ person: string; skills: readonly Skill[] }>({
    name: "routing.read-skills",
    text: `
      -- routing.read-skills
      select person, skills from skilled_person where party = $1 and person = any($2::text[]) order by person`,
    values: [party, persons],
  });
  return new Map(rows.map(({ person, skills }) => [person, skills]));
}
