import { formatInstant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { earliestDueOf } from "../store/earliest-due.ts";
import type { Lines } from "../store/lines.ts";

/** Returns `earliestDue` for the report of a timeline, or an empty object if no clock of the timeline has a deadline. */
export async function reportEarliestDue(
  tx: Tx,
  lines: Lines,
  timeline: string,
  partitions: number,
): Promise<{ readonly earliestDue?: string }> {
  const earliest = await earliestDueOf(tx, lines, timeline, partitions);
  return { ...(earliest !== undefined && { earliestDue: formatInstant(earliest) }) };
}
