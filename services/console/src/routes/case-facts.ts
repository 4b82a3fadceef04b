import { type ReceivedMessage, type Refusal, caseId as caseIdForm, refusal } from "@crossline/contracts";
import { type ReadableCase, readableCase } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { type Caller, isNewId, pollUntilFound } from "@crossline/service";
import { readFacts } from "../store/facts.ts";

const unknownCase = refusal("not_found", "You have no case with this id.");

/** All facts of a case, and the facts that the caller may read. */
export type CaseFacts = { readonly all: readonly ReceivedMessage[]; readonly readable: ReadableCase<ReceivedMessage> };

/**
 * Returns the facts of a case, or a refusal. The console may read a new case a moment after the caller. The function therefore waits up
 * to 2 s for a new case. Unknown cases and cases of other companies get the same refusal after the same time.
 */
export async function findCaseFacts(database: Database, id: string, { party }: Caller): Promise<CaseFacts | Refusal> {
  if (!caseIdForm.safeParse(id).success) return unknownCase;
  const read = async (): Promise<CaseFacts | undefined> => {
    const all = await readFacts(database, [id]);
    const readable = readableCase(all, party);
    return readable === undefined ? undefined : { all, readable };
  };
  return (await pollUntilFound(party, read, async () => isNewId(id))) ?? unknownCase;
}
