import type { Instant, Message } from "@crossline/contracts";
import type { Tables } from "./store.ts";

/** A record and its partition, as a consumer reads them. */
export type FetchedRecord = Tables<unknown>["held"][number];

export const partitions = [0, 1] as const;

/** Returns the partition of a key. Every topic uses the same partition for a key. */
export function partitionOf(key: string): number {
  let sum = 0;
  for (let index = 0; index < key.length; index++) sum += key.charCodeAt(index);
  return sum % partitions.length;
}

/** Keeps topics in memory. The logs contain every record in order, including repeated and deleted records. */
export class Broker {
  readonly logs = new Map<string, FetchedRecord[]>();
  /** The instant at which the record of a topic, key and sequence was first appended. */
  readonly firstSentAt = new Map<string, Instant>();
  /** The instant before which the broker cannot be reached. */
  awayUntil: Instant = -Infinity;
  /** The first offset of each topic and partition that consumers can read. If the map has no entry, the offset is 0. */
  readonly #lows = new Map<string, number>();
  readonly #onAppend: (topic: string, partition: number) => void;

  constructor(onAppend: (topic: string, partition: number) => void) {
    this.#onAppend = onAppend;
  }

  append(message: Message, now: Instant): void {
    const partition = partitionOf(message.key);
    this.log(message.topic, partition).push({ ...message, partition });
    const name = nameOf(message);
    if (!this.firstSentAt.has(name)) this.firstSentAt.set(name, now);
    this.#onAppend(message.topic, partition);
  }

  /** Hides the records before an offset from consumers. The logs keep these records for the checks. */
  trim(topic: string, partition: number, to: number): void {
    this.#lows.set(`${topic}/${partition}`, Math.max(to, this.low(topic, partition)));
  }

  get isTrimmed(): boolean {
    return this.#lows.size > 0;
  }

  low(topic: string, partition: number): number {
    return this.#lows.get(`${topic}/${partition}`) ?? 0;
  }

  log(topic: string, partition: number): FetchedRecord[] {
    const name = `${topic}/${partition}`;
    const log = this.logs.get(name) ?? [];
    this.logs.set(name, log);
    return log;
  }

  /** Returns each record of a topic and key once, in the order of sequences. */
  history(topic: string, key: string): FetchedRecord[] {
    const records: FetchedRecord[] = [];
    for (const record of this.log(topic, partitionOf(key))) {
      if (record.key === key) records[record.sequence - 1] ??= record;
    }
    return records;
  }
}

/** Returns the name of a record. Repetitions of the record have the same name. */
export function nameOf({ topic, key, sequence }: Pick<Message, "topic" | "key" | "sequence">): string {
  return `${topic}/${key}/${sequence}`;
}
