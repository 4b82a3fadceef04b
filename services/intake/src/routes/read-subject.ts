import { findParty } from "@crossline/access";
import type { Refusal, Subject } from "@crossline/contracts";
import { dependsOnCountry, readNumbers } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import type { Caller } from "@crossline/service";

/**
 * Returns the subject of a request, with telephone numbers completed by the country code of the caller's country. Intake compares the
 * bodies of repeated requests without the added country code. Intake therefore recognizes a repeated request even if the carrier has
 * set its country since the first request.
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
