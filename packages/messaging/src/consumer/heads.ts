import { gapTypes, type ReceivedMessage, type ReceivedEvent } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import type { TopicPartition } from "../broker.ts";
import { confirmPartition, confirmHead, type KeyHead } from "../confirmation.ts";
import { appendToOutbox } from "../outbox.ts";
import { partitionOf } from "../partition.ts";

/**
 * Returns the last record of each key of a service's own topic, in the order of the keys. One call executes one
 * statement and returns a part of the keys, from the key after `after` on.
 */
export type KeyHeadReader = (
  tx: Tx,
  after: string,
  partitions: number,
) => Promise<readonly (KeyHead & { readonly partition?: number | null })[]>;

/** The settings of a service for the recovery after a loss. */
export type GapOptions = {
  /** The name of the service, which is also the name of its group. */
  readonly service: string;
  /** The readers of the last records of the service's own topics, by topic. */
  readonly heads: Readonly<Record<string, KeyHeadReader>>;
};

/** Publishes the last sequences that consumers have requested with these `gap.found` events. */
export async function answerQuestions(
  tx: Tx,
  { heads }: GapOptions,
  partitions: number,
  questions: readonly ReceivedMessage[],
): Promise<void> {
  const places = new Map(questions.filter(isQuestion).map(({ data }) => [`${data.topic}/${data.partition}`, data]));
  for (const place of places.values()) {
    const read = heads[place.topic];
    if (read !== undefined) await confirm(tx, place, read, partitions);
  }
}

function isQuestion(event: ReceivedMessage): event is ReceivedEvent<"gap.found"> {
  return event.type === gapTypes.found;
}

async function confirm(tx: Tx, place: TopicPartition, read: KeyHeadReader, partitions: number): Promise<void> {
  for (let after = ""; ;) {
    const heads = await read(tx, after, partitions);
    const last = heads.at(-1);
    if (last === undefined) break;
    const own = heads.filter(
      ({ key, sequence, partition }) => sequence > 0 && (partition ?? partitionOf(key, partitions)) === place.partition,
    );
    await appendToOutbox(
      tx,
      own.map((head) => confirmHead(place, head)),
    );
    after = last.key;
  }
  await appendToOutbox(tx, [confirmPartition(place)]);
}
