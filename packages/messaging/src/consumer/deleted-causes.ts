import type { TopicPartition } from "../broker.ts";
import { confirmHead, type KeyHead } from "../confirmation.ts";
import { partitionName } from "../partition.ts";
import { toWire } from "../wire.ts";
import { type Arrival, readRecord } from "./arrival.ts";
import { loadMissingCauses } from "./inbox.ts";
import type { Slice } from "./record-buffer.ts";
import { takeSlices } from "./transactions.ts";
import type { LoopContext } from "./loop-context.ts";

// Longer than the maximum age of a poll of the end offsets (3 s).
const heldMs = 5_000;

/**
 * Marks causes as read that Kafka has deleted. A record names a cause only after its sender has read the cause, so the
 * cause was in the broker before the record. This consumer has then read the cause's partition to an end that was polled later.
 * If it has not found the cause, Kafka has deleted it. Only keys of owned partitions need this check: a cause belongs to the same
 * case or to a compacted topic.
 */
export async function skipDeletedCauses(loop: LoopContext): Promise<void> {
  const { database, context, ownership, runner, isCaughtUp } = loop;
  const partitions = ownership.owned().filter(isCaughtUp);
  if (partitions.length === 0) return;
  const topics = [...context.reads].filter((topic) => !context.compacted.has(topic));
  const missing = await loadMissingCauses(database, partitions, topics, heldMs).catch(() => []); // the next pass retries
  const slices: Slice[] = [];
  for (const [name, causes] of Map.groupBy(missing, ({ topic, partition }) => partitionName(topic, partition))) {
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
