import type { Cause, Instant, Message } from "@crossline/contracts";
import { Signal, type Steps } from "./scheduler.ts";

/** The state of a case in one service, and its partition. At the timer, `dueAt` is the stored due instant. */
type Row<State> = { readonly state: State; readonly partition: number; readonly dueAt?: Instant | undefined };

/** The tables of one service. The tables never change, because a transaction changes copies. */
export type Tables<State> = {
  readonly cases: Map<string, Row<State>>;
  /** By topic and key, the last read sequence and the last sequence up to which all records are applied. */
  readonly inbox: Map<string, { readonly seen: number; readonly applied: number }>;
  /** Records that wait for a cause, in the order in which the service read them. */
  readonly held: (Message & { readonly partition: number })[];
  /** Messages that the relay has not sent, in order. */
  readonly outbox: { readonly id: number; readonly message: Message }[];
  /** The token of each partition's owner. */
  readonly owners: Map<number, string>;
  /** The next offset of each topic and partition. */
  readonly positions: Map<string, number>;
  /** For each topic and partition, the service lost records before this offset. */
  readonly gaps: Map<string, number>;
  /** The response to each idempotency key. */
  readonly responses: Map<string, unknown>;
};

/** A transaction, which has its own copy of the tables until it commits. */
export type Tx<State> = Tables<State> & {
  /** Adds messages to the outbox. */
  readonly append: (messages: readonly Message[]) => void;
};

/** Receives the tables before and after every commit. */
export type CommitListener<State> = (before: Tables<State>, after: Tables<State>) => void;

/**
 * Keeps the schema of a service in memory, with the guarantees of packages/messaging and Postgres. A transaction takes effect wholly or
 * not at all. Transactions run one after the other, because in Postgres the locks of a case and of its partition enforce this
 * order.
 */
export class Database<State> {
  tables: Tables<State> = {
    cases: new Map(),
    inbox: new Map(),
    held: [],
    outbox: [],
    owners: new Map(),
    positions: new Map(),
    gaps: new Map(),
    responses: new Map(),
  };
  /** A signal that is raised at every commit. The relay and the scanner wait for this signal. */
  readonly committed = new Signal();
  readonly #onCommit: CommitListener<State>;
  readonly #unlocked = new Signal();
  #ids = 0;
  /** True if a transaction is open. */
  isLocked = false;

  constructor(onCommit: CommitListener<State>) {
    this.#onCommit = onCommit;
  }

  /**
   * Runs `work` and commits. If the process crashes before the commit, only `finally` runs, so the transaction is lost.
   */
  *transaction<T>(latency: () => number, work: (tx: Tx<State>) => T): Steps<T> {
    while (this.isLocked) yield { signal: this.#unlocked };
    this.isLocked = true;
    try {
      yield { forMs: latency() }; // the begin and the reads take this time
      const before = this.tables;
      const tx = this.#copy(before);
      const result = work(tx);
      yield { forMs: latency() }; // the writes take this time
      const { append: _, ...after } = tx;
      this.#onCommit(before, after);
      this.tables = after;
      this.committed.raise();
      return result;
    } finally {
      this.isLocked = false;
      this.#unlocked.raise();
    }
  }

  #copy(tables: Tables<State>): Tx<State> {
    const outbox = [...tables.outbox];
    return {
      cases: new Map(tables.cases),
      inbox: new Map(tables.inbox),
      held: [...tables.held],
      outbox,
      owners: new Map(tables.owners),
      positions: new Map(tables.positions),
      gaps: new Map(tables.gaps),
      responses: new Map(tables.responses),
      append: (messages) => outbox.push(...messages.map((message) => ({ id: ++this.#ids, message }))),
    };
  }
}

/** Returns the key of a topic and record key in the inbox. */
export function inboxKeyOf({ topic, key }: Pick<Cause, "topic" | "key">): string {
  return `${topic}/${key}`;
}

/** The rules by which a service applies a record that it has read. */
export type RecordReading<State> = {
  /** The topics that this service reads. The service ignores causes on topics outside this set. */
  readonly reads: ReadonlySet<string>;
  /** Returns whether a cause is lost. A lost cause counts as applied. */
  readonly isLost: (tables: Tables<State>, cause: Cause) => boolean;
  readonly apply: (tx: Tx<State>, record: Tables<State>["held"][number]) => void;
};

/** Applies a record once, in the order of its topic and key, and after its causes. Returns a gap of sequences before the record. */
export function receive<State>(
  tx: Tx<State>,
  reading: RecordReading<State>,
  record: Tables<State>["held"][number],
): { readonly missing: number } | undefined {
  const inboxKey = inboxKeyOf(record);
  const { seen, applied } = tx.inbox.get(inboxKey) ?? { seen: 0, applied: 0 };
  if (record.sequence <= seen) return undefined; // A duplicate.
  tx.inbox.set(inboxKey, { seen: record.sequence, applied });
  tx.held.push(record);
  applyHeld(tx, reading, record.partition);
  return record.sequence > seen + 1 ? { missing: seen + 1 } : undefined;
}

/** Applies held records of a partition until each remaining one waits for a cause. */
export function applyHeld<State>(tx: Tx<State>, reading: RecordReading<State>, partition: number): void {
  for (let index = findReady(tx, reading, partition); index >= 0;) {
    const [record] = tx.held.splice(index, 1) as [Tables<State>["held"][number]];
    const inboxKey = inboxKeyOf(record);
    const { seen } = tx.inbox.get(inboxKey)!;
    tx.inbox.set(inboxKey, { seen, applied: record.sequence });
    reading.apply(tx, record);
    index = findReady(tx, reading, partition);
  }
}

/**
 * Finds, in this partition, the first held record that has no unapplied cause. Returns the record's index in `held`, or
 * -1.
 */
export function findReady<State>(
  tables: Tables<State>,
  { reads, isLost }: Pick<RecordReading<State>, "reads" | "isLost">,
  partition: number,
): number {
  const applied = (cause: Pick<Cause, "topic" | "key">): number => tables.inbox.get(inboxKeyOf(cause))?.applied ?? 0;
  const isFirst = (record: Tables<State>["held"][number], index: number): boolean =>
    tables.held.findIndex((other) => other.topic === record.topic && other.key === record.key) === index;
  return tables.held.findIndex(
    (record, index) =>
      record.partition === partition &&
      isFirst(record, index) &&
      (record.after ?? []).every(
        (cause) => !reads.has(cause.topic) || applied(cause) >= cause.sequence || isLost(tables, cause),
      ),
  );
}
