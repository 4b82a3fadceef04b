import { findParty } from "@crossline/access";
import { type Refusal, refusal } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import type { Caller } from "@crossline/service";
import { noSkills } from "../commands/change-skills.ts";

/** The problem codes of the refusals that `skillOwnerOf` returns. */
export const skillOwnerRefusals = ["not_found", "unknown_party"] as const;

/**
 * Returns the party whose skills a read concerns: the caller, or the company that the operator names. A company cannot read the skills of
 * another company.
 */
export async function skillOwnerOf(
  database: Database,
  { party, kind }: Caller,
  named: string | undefined,
): Promise<string | Refusal> {
  if (kind !== "operator") return named === undefined || named === party ? party : noSkills;
  if (named === undefined) {
    const message = "is missing: name the party of the skills";
    return refusal("invalid_request", `The query is not valid: party ${message}.`, {
      fields: [{ at: "party", message }],
    });
  }
  const owner = await findParty(database, named);
  return owner !== undefined && owner.kind !== "operator"
    ? named
    : refusal("unknown_party", `There is no carrier or vendor ${named}.`);
}
