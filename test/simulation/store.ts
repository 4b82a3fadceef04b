import type { Cause, Instant, Message } from "@crossline/contracts";
import { Signal, type Steps } from "./scheduler.ts";

/** A case of one service, with the partition that it is in and, at the timer, when it is due by what is stored. */
type Row<State> = { readonly state: State; readonly partition: number; readonly dueAt?: Instant | undefined };

/** What one service's schema holds. Nothing in it is ever changed: a transaction works on copies. */
export type Tables<State> = {
  readonly cases: Map<string, Row<State>>;
  /** By topic and key: the last sequence that was read, and the last up to which all took effect. */
  readonly inbox: Map<string, { readonly seen: number; readonly applied: number }>;
  /** Records that wait for a cause, in the order in which they came. */
  readonly held: (Message & { readonly partition: number })[];
  /** Facts that the broker does not have yet, in order. */
  readonly outbox: { readonly id: number; readonly message: Message }[];
  /** By partition: who owns it. */
  readonly owners: Map<number, string>;
  /** By topic and partition: the offset that is read next. */
  readonly positions: Map<string, number>;
  /** By topic and partition: the offset up to which records were deleted before this service had read them. */
  readonly gaps: Map<string, number>;
  /** By idempotency key: what was answered. */
  readonly responses: Map<string, unknown>;
};

/** A transaction: its own copy of the tables until it commits. */
export type Tx<State> = Tables<State> & {
  /** Adds facts to the outbox. */
  readonly append: (messages: readonly Message[]) => void;
};

/** Told of every commit: the tables before it and after it. */
export type CommitListener<State> = (before: Tables<State>, after: Tables<State>) => void;

/**
 * A service's schema in memory, by what packages/messaging and Postgres promise: a transaction is there as a whole or not
 * at all, and one that is cut off leaves nothing. They come one after the other, as the locks of a case and of its
 * partition make them do.
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
  /** Rung with every commit: relay and scanner look whether it concerns them. */
  readonly committed = new Signal();
  readonly #onCommit: CommitListener<State>;
  readonly #unlocked = new Signal();
  #ids = 0;
  /** A transaction is open. */
  isLocked = false;

  constructor(onCommit: CommitListener<State>) {
    this.#onCommit = onCommit;
  }

  /** Does `work` and commits. A process that dies in the middle runs into `finally` alone: its work is gone. */
  *transaction<T>(latency: () => number, work: (tx: Tx<State>) => T): Steps<T> {
    while (this.isLocked) yield { signal: this.#unlocked };
    this.isLocked = true;
    try {
      yield { forMs: latency() }; // begin, and read
      const before = this.tables;
      const tx = this.#copy(before);
      const result = work(tx);
      yield { forMs: latency() }; // write
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

/** The name of a topic's key in the inbox. */
export function inboxKeyOf({ topic, key }: Pick<Cause, "topic" | "key">): string {
  return `${topic}/${key}`;
}

/** How a record that was read becomes effective. */
export type RecordReading<State> = {
  /** Causes of other topics are no concern of this service. */
  readonly reads: ReadonlySet<string>;
  /** A cause that can never be read any more counts as read. */
  readonly isGone: (tables: Tables<State>, cause: Cause) => boolean;
  readonly apply: (tx: Tx<State>, record: Tables<State>["held"][number]) => void;
};

/** Takes a record in: once, in the order of its topic and key, after its causes. Returns a gap in the sequence, if there is one. */
export function receive<State>(
  tx: Tx<State>,
  reading: RecordReading<State>,
  record: Tables<State>["held"][number],
): { readonly missing: number } | undefined {
  const strand = inboxKeyOf(record);
  const { seen, applied } = tx.inbox.get(strand) ?? { seen: 0, applied: 0 };
  if (record.sequence <= seen) return undefined; // Read before: a repetition.
  tx.inbox.set(strand, { seen: record.sequence, applied });
  tx.held.push(record);
  applyHeld(tx, reading, record.partition);
  return record.sequence > seen + 1 ? { missing: seen + 1 } : undefined;
}

/** Applies what waits in a partition and needs to wait no more, until nothing else can be applied. */
export function applyHeld<State>(tx: Tx<State>, reading: RecordReading<State>, partition: number): void {
  for (let index = findReady(tx, reading, partition); index >= 0;) {
    const [record] = tx.held.splice(index, 1) as [Tables<State>["held"][number]];
    const strand = inboxKeyOf(record);
    const { seen } = tx.inbox.get(strand)!;
    tx.inbox.set(strand, { seen, applied: record.sequence });
    reading.apply(tx, record);
    index = findReady(tx, reading, partition);
  }
}

/** The first record of a partition that waits for nothing, or -1. */
export function findReady<State>(
  tables: Tables<State>,
  { reads, isGone }: Pick<RecordReading<State>, "reads" | "isGone">,
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
        (cause) => !reads.has(cause.topic) || applied(cause) >= cause.sequence || isGone(tables, cause),
      ),
  );
}
