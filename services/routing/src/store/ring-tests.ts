import type { Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

/**
 * Counts the test pages that each given person received after `since`, and returns the instant of the first of these test pages.
 * The result omits people without a test page.
 */
export function countRings(
  tx: Tx,
  party: string,
  people: readonly string[],
  since: Instant,
): Promise<{ person: string; rings: number; first: Instant }[]> {
  return tx.query({
    text: `
      -- routing.count-rings
      select person, count(*) as rings, min(rung_at) as first from ring_test_person
      where party = $1 and person = any($2::text[]) and rung_at > $3::timestamptz group by person order by person`,
    values: [party, people, toSql(since)],
  });
}

export async function insertRings(tx: Tx, party: string, people: readonly string[], at: Instant): Promise<void> {
  await tx.query({
    text: `
      -- routing.insert-rings
      insert into ring_test_person (party, person, rung_at) select $1, person, $3::timestamptz from unnest($2::text[]) as person`,
    values: [party, people, toSql(at)],
  });
}

/** Deletes the test pages of a party up to `before`, because the limit no longer counts them. */
export async function deleteRings(tx: Tx, party: string, before: Instant): Promise<void> {
  await tx.query({
    text: `
      -- routing.delete-rings
      delete from ring_test_person where party = $1 and rung_at <= $2::timestamptz`,
    values: [party, toSql(before)],
  });
}
