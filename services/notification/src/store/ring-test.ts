import type { DeliveryState, Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

export type RingTestRow = {
  readonly ringTestId: string;
  readonly party: string;
  readonly roster: string;
  readonly people: readonly { readonly person: string; readonly addresses: readonly string[] }[];
  readonly testedAt: Instant;
};

/** The state of one address of a ring test. */
export type RingTestAddress = {
  readonly address: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly endedAt: Instant | null;
  readonly status: number | null;
  readonly error: string | null;
};

export async function insertRingTests(tx: Tx, tests: readonly RingTestRow[]): Promise<void> {
  await tx.query({
    text: `
      -- notification.insert-ring-tests
      insert into ring_test (ring_test_id, party, roster, people, tested_at)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::timestamptz[])
      on conflict (ring_test_id) do nothing`,
    values: [
      tests.map(({ ringTestId }) => ringTestId),
      tests.map(({ party }) => party),
      tests.map(({ roster }) => roster),
      tests.map(({ people }) => JSON.stringify(people)),
      tests.map(({ testedAt }) => toSql(testedAt)),
    ],
  });
}

export async function findRingTest(
  tx: Tx,
  { party, roster, id }: { readonly party: string; readonly roster: string; readonly id: string },
): Promise<RingTestRow | undefined> {
  const [row] = await tx.query<RingTestRow>({
    text: `
      -- notification.find-ring-test
      select ring_test_id as "ringTestId", party, roster, people, tested_at as "testedAt" from ring_test
      where ring_test_id = $3 and party = $1 and roster = $2`,
    values: [party, roster, id],
  });
  return row;
}

/** Finds the addresses of a ring test, with their last attempts. */
export async function findRingTestAddresses(tx: Tx, ringTestId: string): Promise<RingTestAddress[]> {
  return tx.query({
    text: `
      -- notification.find-rung-addresses
      select url as address, state, attempts, ended_at as "endedAt", last.status, last.error
      from delivery left join lateral (
        select status, error from delivery_attempt attempt
        where attempt.delivery_id = delivery.delivery_id order by number desc limit 1
      ) last on true
      where ring_test_id = $1`,
    values: [ringTestId],
  });
}

/** Deletes up to `most` ring tests older than `before`. */
export async function deleteRingTests(tx: Tx, before: Instant, most: number): Promise<void> {
  await tx.query({
    text: `
      -- notification.delete-ring-tests
      delete from ring_test where ring_test_id in (
        select ring_test_id from ring_test where tested_at < $1::timestamptz limit $2)`,
    values: [toSql(before), most],
  });
}
