import { findParty } from "@crossline/access";
import type { Refusal, Subject } from "@crossline/contracts";
import { dependsOnCountry, readNumbers } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import type { Caller } from "@crossline/service";

/**
 * Returns the subject of a request, with telephone numbers in the form of the caller's country. Idempotency compares the unchanged body,
 * so a repeated request stays the same request if the country is set in between.
 */
export async function readSubject(
  database: Database,
  { party, kind }: Caller,
  subject: Subject | undefined,
): Promise<Subject | Refusal | undefined> {
  if (subject === undefined) return undefined;
  const needsCountry = kind === "carrier" && dependsOnCountry(subject);
  const country = needsCountry ? (await findParty(database, party))?.country : undefined;
  return readNumbers(subject, country ?? undefined);
}
