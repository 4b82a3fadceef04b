import type { Instant } from "@crossline/contracts";
import type { PageMessage } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";
import type { ClaimedDelivery } from "./claim.ts";

/** A page that waits for its message. */
export type UnboundPage = Pick<
  ClaimedDelivery,
  "deliveryId" | "caseId" | "page" | "causeSequence" | "eventAt" | "payload" | "eventId"
> & { readonly createdAt: Instant };

const pageColumns = `
  delivery_id as "deliveryId", event_id as "eventId", case_id as "caseId", page, cause_sequence as "causeSequence",
  event_at as "eventAt", payload, created_at as "createdAt"`;

/** Locks the page messages of a party until the transaction ends, so that no other process binds pages of the party. */
export async function lockMessages(tx: Tx, party: string): Promise<void> {
  await tx.query({
    name: "notification.lock-messages",
    text: `
      -- notification.lock-messages
      select pg_advisory_xact_lock(hashtextextended('notification/pages/' || $1, 0))`,
    values: [party],
  });
}

/** Finds the page messages that notification has made for a party since the instant `since`. */
export async function findMessages(tx: Tx, party: string, since: Instant): Promise<PageMessage[]> {
  return tx.query({
    name: "notification.find-messages",
    text: `
      -- notification.find-messages
      select people, target, fixed_at as at from page_bundle
      where party = $1 and fixed_at > $2::timestamptz`,
    values: [party, toSql(since)],
  });
}

/** Finds and locks at most 500 pages that wait for a message to this address, the oldest first. */
export async function lockUnbound(tx: Tx, party: string, target: string): Promise<UnboundPage[]> {
  return tx.query({
    name: "notification.lock-unbound-pages",
    text: `
      -- notification.lock-unbound-pages
      select ${pageColumns} from delivery
      where target = $2 and party = $1 and state = 'waiting' and goes_with is null and bundle_id is null
        and page ? 'person' and page->>'reason' <> 'emergency'
      order by delivery_id limit 500 for update`,
    values: [party, target],
  });
}

/** Finds the pages that these deliveries carry. */
export async function findMembers(tx: Tx, ids: readonly string[]): Promise<(UnboundPage & { goesWith: string })[]> {
  return tx.query({
    name: "notification.find-bundle-members",
    text: `
      -- notification.find-bundle-members
      select ${pageColumns}, goes_with as "goesWith" from delivery where goes_with = any($1::text[])`,
    values: [ids],
  });
}

/** Makes these pages wait until the instant `until`, when notification may send their message. */
export async function holdPages(tx: Tx, ids: readonly string[], until: Instant): Promise<void> {
  await tx.query({
    name: "notification.hold-pages",
    text: `
      -- notification.hold-pages
      update delivery set due_at = $2::timestamptz where delivery_id = any($1::text[])`,
    values: [ids, toSql(until)],
  });
}

export type Bundle = PageMessage & {
  readonly bundleId: string;
  readonly party: string;
  readonly payload: string | null;
};

export async function insertBundle(tx: Tx, { bundleId, party, people, target, payload, at }: Bundle): Promise<void> {
  await tx.query({
    name: "notification.insert-bundle",
    text: `
      -- notification.insert-bundle
      insert into page_bundle (bundle_id, party, people, target, payload, fixed_at)
      values ($1, $2, $3::text[], $4, $5, $6::timestamptz)`,
    values: [bundleId, party, people, target, payload, toSql(at)],
  });
}

/** Binds pages to a message. The time that a page waited for the message extends the time for its retries. */
export async function bindPages(
  tx: Tx,
  { bundleId, at }: Pick<Bundle, "bundleId" | "at">,
  carrying: string,
  ids: readonly string[],
): Promise<void> {
  await tx.query({
    name: "notification.fix-members",
    text: `
      -- notification.fix-members
      update delivery set bundle_id = $1, goes_with = nullif($2, delivery_id),
        give_up_at = give_up_at + ($4::timestamptz - created_at)
      where delivery_id = any($3::text[])`,
    values: [bundleId, carrying, ids, toSql(at)],
  });
}

/** Deletes up to `most` messages that are older than `before` and whose deliveries are already deleted. */
export async function deleteBundles(tx: Tx, before: Instant, most: number): Promise<void> {
  await tx.query({
    text: `
      -- notification.delete-bundles
      delete from page_bundle where bundle_id in (
        select bundle_id from page_bundle bundle where fixed_at < $1::timestamptz
          and not exists (select from delivery where delivery.bundle_id = bundle.bundle_id) limit $2)`,
    values: [toSql(before), most],
  });
}
