import type { Instant, Message } from "@crossline/contracts";
import type { Tables } from "./store.ts";

/** A record with its partition, as consumers read it. */
export type FetchedRecord = Tables<unknown>["held"][number];

export const partitions = [0, 1] as const;

/** Returns the partition of a key, which is the same on every topic. */
export function partitionOf(key: string): number {
  let sum = 0;
  for (let index = 0; index < key.length; index++) sum += key.charCodeAt(index);
  return sum % partitions.length;
}

/** Topics in memory. The logs keep every record in order, also repeated and trimmed ones. */
export class Broker {
  readonly logs = new Map<string, FetchedRecord[]>();
  /** By topic, key and sequence: the instant at which the record was first appended. */
  readonly firstSentAt = new Map<string, Instant>();
  /** The instant before which the broker cannot be reached. */
  awayUntil: Instant = -Infinity;
  /** By topic and partition: the first offset that consumers can read. Without an entry it is 0. */
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

  /** Deletes the records before an offset for consumers. The logs keep them for the checks. */
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

  /** Returns each record of a topic and key once, by sequence. */
  history(topic: string, key: string): FetchedRecord[] {
    const records: FetchedRecord[] = [];
    for (const record of this.log(topic, partitionOf(key))) {
      if (record.key === key) records[record.sequence - 1] ??= record;
    }
    return records;
  }
}

/** Returns the name of a record. Its repetitions have the same name. */
export function nameOf({ topic, key, sequence }: Pick<Message, "topic" | "key" | "sequence">): string {
  return `${topic}/${key}/${sequence}`;
}
