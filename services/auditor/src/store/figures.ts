import type { Tx } from "@crossline/postgres";

/** The oldest record that was not sent. */
export async function oldestUnsent(tx: Tx): Promise<number | undefined> {
  const [row] = await tx.query<{ id: number | null }>({
    text: `
      -- auditor.oldest-unsent
      select min(id) as id from outbox`,
  });
  return row?.id ?? undefined;
}

/** What waits for a person: cases that are parked, and dead letters. */
export async function countWaiting(tx: Tx): Promise<{ readonly parked: number; readonly dead: number }> {
  const [row] = await tx.query<{ parked: number; dead: number }>({
    text: `
      -- auditor.count-waiting
      select (select count(*) from inbox_waiting where reason is not null) as parked,
        (select count(*) from dead_letter) as dead`,
  });
  return row ?? { parked: 0, dead: 0 };
}
