import { formatInstant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { earliestDueOf } from "../store/earliest-due.ts";
import type { Lines } from "../store/lines.ts";

/** What the timer adds to its report of a timeline: `earliestDue`, where a clock of the timeline will be due. */
export async function reportEarliestDue(
  tx: Tx,
  lines: Lines,
  timeline: string,
  partitions: number,
): Promise<{ readonly earliestDue?: string }> {
  const earliest = await earliestDueOf(tx, lines, timeline, partitions);
  return { ...(earliest !== undefined && { earliestDue: formatInstant(earliest) }) };
}
