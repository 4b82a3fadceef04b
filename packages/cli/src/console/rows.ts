import type { PresentedRow } from "@crossline/contracts";
import { formatDistance } from "../span.ts";

/** Returns the row of a board as a row of a table. */
export function toTableRow(row: PresentedRow, now: string) {
  const { id, number, severity, phase, holder, person, live, due, queue, title } = row;
  return {
    due: due === undefined ? "–" : `${due.clock} ${formatDistance(now, due.at)}`,
    severity,
    phase: queue === undefined ? phase : `${phase} ${queue}`,
    number,
    title,
    holder,
    who: person ?? (live === undefined ? undefined : `live by ${live.channel}`),
    case: id,
  };
}
