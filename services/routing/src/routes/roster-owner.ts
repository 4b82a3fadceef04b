import { findParty } from "@crossline/access";
import { type Refusal, refusal } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import type { Caller } from "@crossline/service";
import { noSuchRoster } from "../commands/publish-roster.ts";

/** What `rosterOwnerOf` can refuse. */
export const rosterOwnerRefusals = ["not_found", "unknown_party"] as const;

/** Whose rosters are meant: a party's own, or those of the party that the operator names. Nobody reads another's. */
export async function rosterOwnerOf(
  database: Database,
  { party, kind }: Caller,
  named: string | undefined,
): Promise<string | Refusal> {
  if (kind !== "operator") return named === undefined || named === party ? party : noSuchRoster;
  if (named === undefined) {
    const message = "is missing: say whose rosters you mean";
    return refusal("invalid_request", `The query is not valid: party ${message}.`, {
      fields: [{ at: "party", message }],
    });
  }
  const owner = await findParty(database, named);
  return owner !== undefined && owner.kind !== "operator"
    ? named
    : refusal("unknown_party", `There is no carrier or vendor ${named}.`);
}
