import { importName } from "@crossline/contracts";
import type { DeleteTimelineRows } from "@crossline/messaging";

/** Deletes the line and calendars of a removed import. Routing stores nothing of the cases of an import. */
export const removeRows: DeleteTimelineRows = async (tx, timeline) => {
  const name = importName(timeline);
  await Promise.all([
    tx.query({
      text: `
        -- routing.remove-own-line
        delete from line where name = $1`,
      values: [name],
    }),
    tx.query({
      text: `
        -- routing.remove-own-calendars
        delete from calendar where starts_with(name, $1 || '-')`,
      values: [name],
    }),
  ]);
  return { keys: [], more: false };
};
