import { gapTypes, type ReceivedMessage, type ReceivedEvent } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import type { TopicPartition } from "../broker.ts";
import { confirmPartition, confirmHead, type KeyHead } from "../confirmation.ts";
import { appendToOutbox } from "../outbox.ts";
import { partitionOf } from "../partition.ts";

/** Reads the next heads of a service's own topic in the order of their keys, after the given one; as many as one statement reads. */
export type KeyHeadReader = (
  tx: Tx,
  after: string,
  partitions: number,
) => Promise<readonly (KeyHead & { readonly partition?: number | null })[]>;

/** How a service takes part in mending what was lost. */
export type GapOptions = {
  /** Its name, which is its group's. */
  readonly service: string;
  /** Where it finds the last sequences of its own topics, by topic. */
  readonly heads: Readonly<Record<string, KeyHeadReader>>;
};

/** Answers what consumers ask, in these events of the topic of gaps. */
export async function answerQuestions(
  tx: Tx,
  { heads }: GapOptions,
  partitions: number,
  asked: readonly ReceivedMessage[],
): Promise<void> {
  const places = new Map(asked.filter(isQuestion).map(({ data }) => [`${data.topic}/${data.partition}`, data]));
  for (const place of places.values()) {
    const page = heads[place.topic];
    if (page !== undefined) await confirm(tx, place, page, partitions);
  }
}

function isQuestion(event: ReceivedMessage): event is ReceivedEvent<"gap.found"> {
  return event.type === gapTypes.found;
}

async function confirm(tx: Tx, place: TopicPartition, page: KeyHeadReader, partitions: number): Promise<void> {
  for (let after = ""; ;) {
    const heads = await page(tx, after, partitions);
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
