import type { TopicPartition } from "../broker.ts";
import { confirmHead, type KeyHead } from "../confirmation.ts";
import { partitionName } from "../partition.ts";
import { toWire } from "../wire.ts";
import { type Arrival, readRecord } from "./arrival.ts";
import { loadMissingCauses } from "./inbox.ts";
import type { Slice } from "./record-buffer.ts";
import { takeSlices } from "./transactions.ts";
import type { LoopContext } from "./loop-context.ts";

// Longer than a look at the ends of the topics may be old (3 s).
const heldMs = 5_000;

/**
 * Causes that cannot be read any more count as read. Who names a cause has read it from the broker; so it was there before the
 * record that names it. Where we have read the cause's partition up to an end that was looked at later, and not found it, it was
 * deleted. Only keys of our own partitions are looked at: a cause is of the same case, or of a compacted topic.
 */
export async function skipDeletedCauses(loop: LoopContext): Promise<void> {
  const { database, context, ownership, runner, isCaughtUp } = loop;
  const partitions = ownership.owned().filter(isCaughtUp);
  if (partitions.length === 0) return;
  const topics = [...context.reads].filter((topic) => !context.compacted.has(topic));
  const unread = await loadMissingCauses(database, partitions, topics, heldMs).catch(() => []); // asked again in a moment
  const slices: Slice[] = [];
  for (const [name, causes] of Map.groupBy(unread, ({ topic, partition }) => partitionName(topic, partition))) {
    const { topic, partition } = causes[0] as (typeof causes)[number];
    const owner = ownership.token({ topic, partition });
    const nextOffset = ownership.positionOf(name);
    if (owner === undefined || nextOffset === undefined) continue;
    const arrivals = causes.flatMap((cause) => arrivalOf(cause) ?? []);
    slices.push({ topic, partition, owner, arrivals, unreadable: [], nextOffset });
  }
  if (slices.length === 0) return;
  const outcome = await runner.run((tx) => takeSlices(tx, context, slices, ownership.claims()));
  if (outcome !== "later" && "done" in outcome) loop.waiting.releaseSoon();
}

function arrivalOf(cause: TopicPartition & KeyHead): Arrival | undefined {
  const { partition } = cause;
  const record = { ...toWire(confirmHead(cause, cause), ""), partition, offset: 0, timestamp: 0 };
  const arrival = readRecord(record, undefined);
  return "envelope" in arrival ? arrival : undefined;
}
