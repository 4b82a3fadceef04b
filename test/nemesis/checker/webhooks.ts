import type { SeenRecord, TrimNote } from "../history.ts";
import { lossesOf, nameOfLost } from "./losses.ts";

/** A record that a receiver has subscribed to. */
export type SubscribedRecord = Pick<SeenRecord, "id" | "key" | "type" | "topic" | "partition" | "offset">;

/**
 * Returns, for each event id, the reason why the webhook of the event may be missing. Notification may have lost the record,
 * or the opening of its case and therefore the case's parties.
 */
export function excusedWebhooks(records: readonly SubscribedRecord[], trims: readonly TrimNote[]): Map<string, string> {
  const { isLost } = lossesOf(trims);
  const lost = new Set(records.filter((record) => isLost("notification", record)));
  const openings = [...lost].filter(({ type }) => type === "case.opened");
  const lostOpenings = new Map(openings.map((record) => [record.key, record]));
  const excused = records.flatMap((record) => {
    const missing = lostOpenings.get(record.key) ?? (lost.has(record) ? record : undefined);
    return missing === undefined ? [] : [[record.id, nameOfLost("notification", missing.type, missing)] as const];
  });
  return new Map(excused);
}
