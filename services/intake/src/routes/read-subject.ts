import { findParty } from "@crossline/access";
import type { Refusal, Subject } from "@crossline/contracts";
import { dependsOnCountry, readNumbers } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import type { Caller } from "@crossline/service";

/**
 * What a request says of its subject, with telephone numbers as the caller's country reads them. The repetition of a request is known
 * by the body as it was sent: a country that is set in between makes no other request of it.
 */
export async function readSubject(
  database: Database,
  { party, kind }: Caller,
  subject: Subject | undefined,
): Promise<Subject | Refusal | undefined> {
  if (subject === undefined) return undefined;
  const isAsked = kind === "carrier" && dependsOnCountry(subject);
  const country = isAsked ? (await findParty(database, party))?.country : undefined;
  return readNumbers(subject, country ?? undefined);
}
