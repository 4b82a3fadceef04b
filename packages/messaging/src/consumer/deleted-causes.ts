import { messageId } from "@crossline/contracts";
import type { TopicPartition } from "../broker.ts";
import { confirmHead, type KeyHead } from "../confirmation.ts";
import { partitionName } from "../partition.ts";
import { toWire } from "../wire.ts";
import type { Arrival } from "./arrival.ts";
import { loadMissingCauses } from "./inbox.ts";
import type { Slice } from "./record-buffer.ts";
import { takeSlices } from "./transactions.ts";
import type { LoopContext } from "./loop-context.ts";

// A record is held for this time before the check. The time must be longer than the maximum age of a poll of the end
// offsets (3 s).
const heldMs = 5_000;

/**
 * Finds causes that Kafka has deleted, and marks them as read. The sender of a record has read each cause that the
 * record names, so the broker had the cause before the record. After the consumer has read the record, it polls the end
 * offset of the cause's partition, and reads the partition to this offset. If the consumer has not found the cause by
 * then, Kafka has deleted the cause. Only keys of owned partitions need this check, because a cause is a record of the
 * same case or of a compacted topic.
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
    const arrivals = causes.map(arrivalOf);
    slices.push({ topic, partition, owner, arrivals, unreadable: [], nextOffset });
  }
  if (slices.length === 0) return;
  const outcome = await runner.run((tx) => takeSlices(tx, context, slices, ownership.claims()));
  if (outcome !== "later" && "done" in outcome) loop.waiting.releaseSoon();
}

/** Creates the arrival without a parse, because this confirmation can be of any topic that the consumer reads. */
function arrivalOf(cause: TopicPartition & KeyHead): Arrival {
  const { partition } = cause;
  const message = confirmHead(cause, cause);
  const { data: _, ...headers } = message;
  const record = { ...toWire(message, ""), partition, offset: 0, timestamp: 0 };
  return { envelope: { ...headers, id: messageId(message), partition }, record };
}
