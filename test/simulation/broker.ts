import type { Instant, Message } from "@crossline/contracts";
import type { Tables } from "./store.ts";

/** A record as consumers get it. */
export type FetchedRecord = Tables<unknown>["held"][number];

export const partitions = [0, 1] as const;

/** The partition of a key, the same in every topic. */
export function partitionOf(key: string): number {
  let sum = 0;
  for (let index = 0; index < key.length; index++) sum += key.charCodeAt(index);
  return sum % partitions.length;
}

/** Topics in memory: what was appended stays in the logs, in order, also what was appended twice or cannot be read any more. */
export class Broker {
  readonly logs = new Map<string, FetchedRecord[]>();
  /** When each record was first here, by topic, key and sequence. */
  readonly firstSentAt = new Map<string, Instant>();
  /** Nothing can be sent, fetched or looked at before. */
  awayUntil: Instant = -Infinity;
  /** By topic and partition: the first offset that can still be read; 0 where it is missing. */
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

  /** Deletes the records before an offset, as far as readers are concerned. */
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
    const known = this.logs.get(name);
    if (known !== undefined) return known;
    const log: FetchedRecord[] = [];
    this.logs.set(name, log);
    return log;
  }

  /** Each record of a topic and key once, by sequence. Throws where one sequence has two contents. */
  history(topic: string, key: string): FetchedRecord[] {
    const found: FetchedRecord[] = [];
    for (const record of this.log(topic, partitionOf(key))) {
      if (record.key === key) found[record.sequence - 1] ??= record;
    }
    return found;
  }
}

/** The name of a record: the same for its repetitions. */
export function nameOf({ topic, key, sequence }: Pick<Message, "topic" | "key" | "sequence">): string {
  return `${topic}/${key}/${sequence}`;
}
