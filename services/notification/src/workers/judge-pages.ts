import { type PageReason, isPageOvertaken } from "@crossline/domain";
import { type Database, now } from "@crossline/postgres";
import type { Claimed } from "../store/claim.ts";
import { endOvertaken } from "../store/overtaken.ts";
import { type CasePageFact, findPageFacts } from "../store/page-fact.ts";
import { appendResults } from "../store/result.ts";

type Judged = Pick<Claimed, "page" | "caseId" | "causeSequence" | "eventAt">;

/** Whether a page's reason is gone, by what has been read of its case. What is no page is never overtaken. */
function isOvertaken(
  { page, caseId, causeSequence, eventAt }: Judged,
  facts: ReadonlyMap<string, readonly CasePageFact[]>,
): boolean {
  if (page === null) return false;
  const reason: PageReason = { ...page, sequence: causeSequence, at: eventAt };
  return isPageOvertaken(reason, facts.get(caseId) ?? []);
}

/** Ends the pages among these whose reason is gone, and gives back the rest. `onOvertaken` hears how many ended. */
export async function endOvertakenPages(
  database: Database,
  claimed: readonly Claimed[],
  onOvertaken: (count: number) => void,
): Promise<readonly Claimed[]> {
  const pages = claimed.filter(({ page }) => page !== null);
  if (pages.length === 0) return claimed;
  const found = await findPageFacts(
    database,
    pages.map(({ caseId }) => caseId),
  );
  const facts = Map.groupBy(found, ({ caseId }) => caseId);
  const overtaken = new Set(pages.filter((page) => isOvertaken(page, facts)).map(({ deliveryId }) => deliveryId));
  if (overtaken.size === 0) return claimed;
  const count = await database.transaction(async (tx) => {
    const moment = await now(tx);
    const ended = await endOvertaken(tx, [...overtaken], moment);
    await appendResults(tx, "notification.overtaken", ended, moment);
    return ended.length;
  });
  onOvertaken(count);
  return claimed.filter(({ deliveryId }) => !overtaken.has(deliveryId));
}
