import type { Instant } from "@crossline/contracts";
import type { Tx } from "./connect.ts";

/**
 * Returns the time of the database's clock, truncated to whole milliseconds. All code gets the wall time from `now`. A
 * transaction or a pass of a loop calls `now` once and uses the result throughout. A process with a wrong clock
 * therefore does no harm.
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
