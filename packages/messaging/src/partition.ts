import type { PartitionName } from "./broker.ts";

/** The name of one partition of one topic, as positions and end offsets are kept under. */
export function partitionName(topic: string, partition: number): PartitionName {
  return `${topic}/${partition}`;
}
