import type { Instant } from "@crossline/contracts";
import { type PageReason, isPageOvertaken } from "@crossline/domain";
import { type Database, now, type Tx } from "@crossline/postgres";
import { findMembers, type UnboundPage } from "../store/bundle.ts";
import type { ClaimedDelivery } from "../store/claim.ts";
import { endOvertaken } from "../store/overtaken.ts";
import { type CasePageSignal, findPageSignals } from "../store/page-signal.ts";
import { appendResults } from "../store/result.ts";

type PageCandidate = Pick<ClaimedDelivery, "page" | "caseId" | "causeSequence" | "eventAt">;

/**
 * Returns whether the records that notification has read overtake the page. A delivery that is not a page is never overtaken.
 */
function isOvertaken(
  { page, caseId, causeSequence, eventAt }: PageCandidate,
  signals: ReadonlyMap<string, readonly CasePageSignal[]>,
): boolean {
  if (page === null || caseId === null) return false;
  const reason: PageReason = { ...page, sequence: causeSequence, at: eventAt };
  return isPageOvertaken(reason, signals.get(caseId) ?? []);
}

/**
 * Ends the overtaken pages among claimed deliveries, and returns the other deliveries. A bundle ends only if all its pages are
 * overtaken.
 */
export async function endOvertakenPages(
  database: Database,
  claimed: readonly ClaimedDelivery[],
  onOvertaken: (count: number) => void,
): Promise<readonly ClaimedDelivery[]> {
  const pages = claimed.filter(({ page }) => page !== null);
  if (pages.length === 0) return claimed;
  const carrying = pages.filter(({ bundleId }) => bundleId !== null).map(({ deliveryId }) => deliveryId);
  const members = carrying.length === 0 ? [] : await findMembers(database, carrying);
  const signals = await signalsByCase(database, [...pages, ...members]);
  const stillNeeded = new Set(
    members.filter((member) => !isOvertaken(member, signals)).map(({ goesWith }) => goesWith),
  );
  const overtaken = pages
    .filter((page) => isOvertaken(page, signals) && !stillNeeded.has(page.deliveryId))
    .map(({ deliveryId }) => deliveryId);
  if (overtaken.length === 0) return claimed;
  const count = await database.transaction(async (tx) => endPages(tx, overtaken, await now(tx)));
  onOvertaken(count);
  return claimed.filter(({ deliveryId }) => !overtaken.includes(deliveryId));
}

/**
 * Ends the overtaken pages among the pages that wait for a message, and returns the other pages. The function runs in the
 * transaction that binds the pages.
 */
export async function endOvertakenAmong<Page extends UnboundPage>(
  tx: Tx,
  pages: readonly Page[],
  moment: Instant,
): Promise<Page[]> {
  const signals = await signalsByCase(tx, pages);
  const overtaken = pages.filter((page) => isOvertaken(page, signals)).map(({ deliveryId }) => deliveryId);
  if (overtaken.length > 0) await endPages(tx, overtaken, moment);
  return pages.filter(({ deliveryId }) => !overtaken.includes(deliveryId));
}

async function signalsByCase(
  tx: Tx,
  pages: readonly PageCandidate[],
): Promise<ReadonlyMap<string, readonly CasePageSignal[]>> {
  const signals = await findPageSignals(
    tx,
    pages.map(({ caseId }) => caseId).filter((caseId) => caseId !== null),
  );
  return Map.groupBy(signals, ({ caseId }) => caseId);
}

async function endPages(tx: Tx, ids: readonly string[], moment: Instant): Promise<number> {
  const ended = await endOvertaken(tx, ids, moment);
  await appendResults(tx, "notification.overtaken", ended, moment);
  return ended.length;
}
