import type { Tx } from "@crossline/postgres";

/** The id of the record that has waited longest to be sent. */
export async function oldestUnsent(tx: Tx): Promise<number | undefined> {
  const [row] = await tx.query<{ id: number | null }>({
    text: `
      -- figures.oldest-unsent
      select min(id) as id from outbox`,
  });
  return row?.id ?? undefined;
}

/** What waits for a person: cases that are parked, and dead letters. */
export async function countStanding(tx: Tx): Promise<{ readonly parked: number; readonly dead: number }> {
  const [row] = await tx.query<{ parked: number; dead: number }>({
    text: `
      -- figures.count-standing
      select (select count(*) from inbox_waiting where reason is not null) as parked,
        (select count(*) from dead_letter) as dead`,
  });
  return row ?? { parked: 0, dead: 0 };
}
