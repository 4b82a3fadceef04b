import type { Instant } from "@crossline/contracts";
import type { Tx } from "./connect.ts";

/**
 * The real time by the database's clock, in whole milliseconds (cut off, never ahead). The only source of wall time: read
 * once per transaction or tick and passed on, so that a process with a wrong clock can do no harm.
 */
export async function now(tx: Tx): Promise<Instant> {
  const [row] = await tx.query<{ now: Instant }>({
    name: "postgres.now",
    text: `
      -- postgres.now
      select clock_timestamp() as now`,
  });
  if (row === undefined) throw new Error("the database did not tell the time");
  return row.now;
}
