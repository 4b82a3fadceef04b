import { findParty } from "@crossline/access";
import { type Refusal, refusal } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import type { Caller } from "@crossline/service";

export const noSuchLine: Refusal = refusal("not_found", "There is no such line, or you cannot read it.");

/** The problem codes of the refusals that `lineOwnerOf` returns. */
export const lineOwnerRefusals = ["not_found", "unknown_party"] as const;

/** Returns the carrier whose lines a request concerns: the calling carrier, or the carrier that the operator names. */
export async function lineOwnerOf(
  database: Database,
  { party, kind }: Caller,
  named: string | undefined,
): Promise<string | Refusal> {
  if (kind === "carrier") return named === undefined || named === party ? party : noSuchLine;
  if (named === undefined) {
    const message = "is missing: name the carrier of the lines";
    return refusal("invalid_request", `The query is not valid: carrier ${message}.`, {
      fields: [{ at: "carrier", message }],
    });
  }
  return (await findParty(database, named))?.kind === "carrier"
    ? named
    : refusal("unknown_party", `There is no carrier ${named}.`);
}
