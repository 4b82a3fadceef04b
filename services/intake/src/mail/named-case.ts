import { type ParsedMail, namedMessages, outboundMessageOf } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { findMailCase } from "../store/cases.ts";
import { findCasesOfMails } from "../store/mails.ts";
import { findCaseOfMessage } from "../store/messages.ts";
import type { Destination } from "./destination.ts";
import { hashMessageId } from "./parse.ts";

/**
 * Returns the case that a mail names with `In-Reply-To` or `References`: the case of an outbound message, or of an earlier mail. Only
 * cases of the same carrier and timeline count. If the mail names several cases, the case of the last message counts.
 */
export async function findNamedCase(
  database: Database,
  mail: ParsedMail,
  { carrier, timeline }: Pick<Destination, "carrier" | "timeline">,
): Promise<string | undefined> {
  const named = namedMessages(mail);
  if (named.length === 0) return undefined;
  const hashes = named.map(hashMessageId);
  const stored = new Map(
    (await findCasesOfMails(database, { carrier, timeline, hashes })).map(({ hash, caseId }) => [hash, caseId]),
  );
  for (const [index, messageId] of named.entries()) {
    const earlier = stored.get(hashes[index] ?? "");
    if (earlier !== undefined) return earlier;
    const outbound = outboundMessageOf(messageId);
    const caseId = outbound === undefined ? undefined : await findCaseOfMessage(database, outbound);
    const found = caseId === undefined ? undefined : await findMailCase(database, caseId);
    if (found?.carrier === carrier && found.timeline === timeline) return caseId;
  }
  return undefined;
}
