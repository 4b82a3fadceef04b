import { type EventData, type EventOf, type Instant, topics } from "@crossline/contracts";
import { pageIdOf } from "@crossline/domain";
import { appendToOutbox } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import { nextSequences } from "./event-sequence.ts";

/** A page that reaches no person. */
export type UnreachablePage = {
  readonly caseId: string;
  readonly timeline: string;
  readonly party: string;
  readonly reason: EventData<"roster.paged">["reason"];
  readonly causeTopic: string;
  readonly causeSequence: number;
  readonly addresses: number;
};

/**
 * Marks each page of these events if all its deliveries are abandoned, and returns the marked pages. The function marks each
 * page once, even if the page is sent and abandoned again. The caller must have locked the cases. If two transactions abandon
 * the last two deliveries of a page, the second transaction therefore sees both results.
 */
export async function markUnreachable(tx: Tx, eventIds: readonly string[]): Promise<UnreachablePage[]> {
  if (eventIds.length === 0) return [];
  return tx.query({
    name: "notification.mark-unreachable",
    text: `
      -- notification.mark-unreachable
      with unreachable as (
        select event_id from unnest($1::text[]) as given (event_id)
        where not exists (
          select from delivery
          where delivery.event_id = given.event_id and page ? 'person' and (state <> 'abandoned' or page ? 'unreachable'))
      ), marked as (
        update delivery set page = page || '{"unreachable": true}'
        from unreachable where delivery.event_id = unreachable.event_id and page ? 'person'
        returning case_id, timeline, party, page, cause_topic, cause_sequence
      )
      select case_id as "caseId", timeline, party, page->>'reason' as reason, cause_topic as "causeTopic",
        cause_sequence as "causeSequence", count(*) as addresses
      from marked group by 1, 2, 3, 4, 5, 6 order by 1, 6`,
    values: [eventIds],
  });
}

/** Publishes unreachable pages, in the transaction that abandoned their last deliveries. */
export async function appendUnreachable(tx: Tx, pages: readonly UnreachablePage[], now: Instant): Promise<void> {
  if (pages.length === 0) return;
  const sequences = await nextSequences(
    tx,
    topics.page,
    pages.map(({ caseId }) => caseId),
  );
  const messages = pages.map((page, index): EventOf<"page.unreachable"> => ({
    topic: topics.page,
    key: page.caseId,
    sequence: sequences[index] ?? 0,
    type: "page.unreachable",
    time: now,
    timeline: page.timeline,
    after: [{ topic: page.causeTopic, key: page.caseId, sequence: page.causeSequence }],
    data: {
      pageId: pageIdOf(page.caseId, page.causeSequence),
      party: page.party,
      reason: page.reason,
      addresses: page.addresses,
    },
  }));
  await appendToOutbox(tx, messages);
}
