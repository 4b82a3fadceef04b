import type { IHeaders, Kafka } from "kafkajs";
import type { FetchedRecord, TopicPartition } from "../broker.ts";
import { connectCluster, readRange } from "./offsets.ts";
import { toText } from "./batch.ts";

type FetchedMessage = {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: IHeaders;
  readonly timestamp: string;
};
type FetchResponse = {
  readonly responses: readonly { readonly partitions: readonly { readonly messages: readonly FetchedMessage[] }[] }[];
};

const maxBytes = 1024 * 1024;

/**
 * Reads a partition from its first record to its present end, over a connection of its own. Joins no group, because a
 * join and a leave cost too much for a few records.
 */
export async function* readPartition(kafka: Kafka, place: TopicPartition): AsyncGenerator<FetchedRecord> {
  const { topic, partition } = place;
  const cluster = await connectCluster(kafka);
  try {
    const { low, high } = await readRange(cluster, place);
    for (let next = low; next < high;) {
      const [leader = ""] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
      const broker = await cluster.findBroker({ nodeId: leader });
      const partitions = [{ partition, fetchOffset: String(next), maxBytes }];
      const response = (await broker.fetch({
        maxWaitTime: 1_000,
        minBytes: 1,
        maxBytes,
        topics: [{ topic, partitions }],
      })) as FetchResponse;
      const messages = response.responses.flatMap((topicResponse) =>
        topicResponse.partitions.flatMap((each) => each.messages),
      );
      const last = messages.at(-1);
      if (last === undefined) return;
      // Kafka returns a whole batch, even if the requested record is not the first record of that batch.
      const from = next;
      next = Number(last.offset) + 1;
      for (const message of messages) if (Number(message.offset) >= from) yield toRecord(place, message);
    }
  } finally {
    await cluster.disconnect().catch(() => {});
  }
}

function toRecord(place: TopicPartition, { offset, key, value, headers, timestamp }: FetchedMessage): FetchedRecord {
  return {
    ...place,
    offset: Number(offset),
    key: key?.toString(),
    value: value?.toString(),
    headers: toText(headers),
    timestamp: Number(timestamp),
  };
}
