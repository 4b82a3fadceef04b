import type { PartitionName, TopicPartition } from "./broker.ts";

/** Returns the name of a partition, which is its key in maps of positions and end offsets. */
export function partitionName(topic: string, partition: number): PartitionName {
  return `${topic}/${partition}`;
}

/** Returns the topic and partition that a name from `partitionName` names. */
export function splitName(name: PartitionName): TopicPartition {
  const at = name.lastIndexOf("/");
  return { topic: name.slice(0, at), partition: Number(name.slice(at + 1)) };
}

/**
 * Returns the partition of a key among `count` partitions. Uses Kafka's murmur2, so every Kafka client computes the
 * same partition.
 */
export function partitionOf(key: string, count: number): number {
  return (murmur2(Buffer.from(key)) & 0x7fffffff) % count;
}

/**
 * Computes murmur2 as org.apache.kafka.common.utils.Utils does, as a signed 32-bit number. The function of kafkajs uses
 * BigInt and is 20 times slower. A test compares the results of this function and of the function of kafkajs.
 */
export function murmur2(bytes: Uint8Array): number {
  const mix = 0x5bd1e995;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let hash = 0x9747b28c ^ bytes.length;
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) {
    let block = Math.imul(view.getInt32(at, true), mix);
    block = Math.imul(block ^ (block >>> 24), mix);
    hash = Math.imul(hash, mix) ^ block;
  }
  const left = bytes.length - at;
  if (left >= 3) hash ^= view.getUint8(at + 2) << 16;
  if (left >= 2) hash ^= view.getUint8(at + 1) << 8;
  if (left >= 1) hash = Math.imul(hash ^ view.getUint8(at), mix);
  hash = Math.imul(hash ^ (hash >>> 13), mix);
  return hash ^ (hash >>> 15);
}
