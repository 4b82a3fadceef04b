import type { Instant } from "@crossline/contracts";
import type { Tx } from "./connect.ts";

/**
 * Returns the time of the database's clock, truncated to whole milliseconds. This function is the only source of wall
 * time. A transaction or a pass of a loop reads this time once and uses it throughout. A process with a wrong clock
 * then does no harm.
 */
export async function now(tx: Tx): Promise<Instant> {
  const [row] = await tx.query<{ now: Instant }>({
    name: "postgres.now",
    text: `
      -- postgres.now
      select clock_timestamp() as now`,
  });
  if (row === undefined) throw new Error("the database did not return the time");
  return row.now;
}
