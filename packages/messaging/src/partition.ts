import type { PartitionName, TopicPartition } from "./broker.ts";

/** The name of one partition of one topic, as positions and end offsets are kept under. */
export function partitionName(topic: string, partition: number): PartitionName {
  return `${topic}/${partition}`;
}

/** The partition that such a name stands for. */
export function splitName(name: PartitionName): TopicPartition {
  const at = name.lastIndexOf("/");
  return { topic: name.slice(0, at), partition: Number(name.slice(at + 1)) };
}

/** The partition of a key among `count`: Kafka's own murmur2, so that any Kafka client finds the same one. */
export function partitionOf(key: string, count: number): number {
  return (murmur2(Buffer.from(key)) & 0x7fffffff) % count;
}

/**
 * murmur2 as org.apache.kafka.common.utils.Utils computes it, as a signed 32-bit number. Kafkajs has one of its own on
 * BigInt, 20 times slower; a test holds the two together.
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
