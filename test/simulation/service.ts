import type { Instant, Message } from "@crossline/contracts";
import { type Fetched, partitionOf, partitions } from "./broker.ts";
import { Bell, type Replica, type Steps } from "./scheduler.ts";
import { Database, type OnCommit, type Reading, type Tx, firstReady, release, strandOf, takeIn } from "./store.ts";
import type { Shell, Surroundings } from "./surroundings.ts";
import { isGone, skipLost, trimmedTopics } from "./trimmed.ts";

/** What a member of the consumer group keeps in memory of one partition; lost with its process. */
type Membership = {
  readonly partition: number;
  readonly token: string;
  readonly positions: Map<string, number>;
  isLost: boolean;
  /** Only for the mutant that arms timers here alone. */
  readonly armed: Map<string, Instant | undefined>;
};

const batchMax = 6;
const lookAgainMs = 500;

/** One service: its schema, its two replicas, and the processes that run in them. */
export class Service<State> {
  readonly shell: Shell<State>;
  readonly database: Database<State>;
  readonly replicas: readonly [Replica, Replica];
  /** A topic that this service does not get before an instant: it is overtaken by the others. */
  readonly delayed = new Map<string, Instant>();
  /** Its relay cannot reach the broker before; others can. */
  unsentUntil: Instant = -Infinity;
  /** By partition: rung when there may be something to read or to release. */
  readonly #aboutToFire = new Set<Replica>();
  readonly #news = partitions.map(() => new Bell());
  readonly #world: Surroundings;
  readonly #reading: Pick<Reading<State>, "reads" | "isGone">;
  #claims = 0;
  #relays = 0;

  constructor(shell: Shell<State>, world: Surroundings, onCommit: OnCommit<State>) {
    this.shell = shell;
    this.#world = world;
    const waitsForLost = world.mutant === "waits for a deleted cause";
    this.#reading = {
      reads: new Set(shell.reads),
      isGone: (tables, cause) => !waitsForLost && isGone(tables, world.broker, cause),
    };
    this.database = new Database(onCommit);
    const replica = (number: number): Replica => ({
      name: `${shell.name}-${number}`,
      tasks: new Set(),
      frozenUntil: -Infinity,
      awaits: 0,
      lives: 1,
    });
    this.replicas = [replica(1), replica(2)];
  }

  /** Something was appended to a topic. */
  hear(topic: string, partition: number): void {
    if (this.#reading.reads.has(topic)) this.#news[partition]?.ring();
  }

  /** The replica has looked whether it has read everything, and has not yet begun to fire. */
  isAboutToFire(replica: Replica): boolean {
    return this.#aboutToFire.has(replica);
  }

  /**
   * Gives a partition to a replica, which reads nothing for another while. An earlier owner is not told: it is a zombie until
   * its next transaction.
   */
  assign(partition: number, replica: Replica, afterMs = 0, idleMs = 0): void {
    this.#world.scheduler.start(this.#consume(partition, replica, idleMs), replica, afterMs);
  }

  /** Lets a replica send the outbox. An earlier one ends when it has sent what it has in hand. */
  relayFrom(replica: Replica, afterMs = 0): void {
    this.#world.scheduler.start(this.#relay(++this.#relays), replica, afterMs);
  }

  /** Nothing waits to be sent, read or released, and nothing is due. */
  isQuiet(): boolean {
    const { outbox, held, positions, cases } = this.database.tables;
    const { broker, scheduler } = this.#world;
    const isRead = (topic: string, partition: number): boolean =>
      (positions.get(`${topic}/${partition}`) ?? 0) === broker.log(topic, partition).length;
    return (
      outbox.length === 0 &&
      held.length === 0 &&
      this.shell.reads.every((topic) => partitions.every((partition) => isRead(topic, partition))) &&
      [...cases.values()].every(({ dueAt }) => dueAt === undefined || dueAt >= scheduler.now)
    );
  }

  *#consume(partition: number, replica: Replica, idleMs: number): Steps {
    const { latency, scheduler, mutant } = this.#world;
    const { database } = this;
    const token = `${replica.name} ${++this.#claims}`;
    yield* database.transaction(latency, (tx) => tx.owners.set(partition, token));
    const positions = new Map(database.tables.positions);
    const member: Membership = { partition, token, positions, isLost: false, armed: new Map() };
    if (this.shell.fire !== undefined) scheduler.start(this.#scan(member, replica), replica);
    if (idleMs > 0) yield { forMs: idleMs };
    while (!member.isLost) {
      yield* this.#skipLost(member);
      const records = this.#fetch(member);
      if (records.length === 0 && firstReady(database.tables, this.#reading, partition) < 0) {
        yield this.#untilNews(partition);
        continue;
      }
      yield { forMs: latency() };
      if (mutant === "position before the transaction") {
        yield* database.transaction(latency, (tx) => this.#move(tx, member, records));
      }
      yield* this.#take(member, records);
    }
  }

  /** Records were deleted before they were read: those that come next can be read. */
  *#skipLost(member: Membership): Steps {
    const { broker, onLost } = this.#world;
    const { partition, token, positions } = member;
    const topics = trimmedTopics(broker, this.shell.reads, partition, positions);
    if (topics.length === 0) return;
    const lost = yield* this.database.transaction(this.#world.latency, (tx) =>
      tx.owners.get(partition) === token ? skipLost(tx, broker, topics, partition) : undefined,
    );
    if (lost === undefined) return void (member.isLost = true);
    for (const topic of topics) {
      const name = `${topic}/${partition}`;
      positions.set(name, this.database.tables.positions.get(name) ?? 0);
    }
    onLost(this.shell.name, lost);
  }

  *#take(member: Membership, records: readonly Fetched[]): Steps {
    const { latency, scheduler, mutant, onApplied, onGap, isUnopened } = this.#world;
    const applied: Fetched[] = [];
    const gaps: { readonly record: Fetched; readonly missing: number }[] = [];
    const reading: Reading<State> = {
      ...this.#reading,
      apply: (tx, record) => {
        if (!isUnopened(this.shell.name, record.key)) this.shell.apply(tx, record, scheduler.now);
        applied.push(record);
      },
    };
    const isOurs = yield* this.database.transaction(latency, (tx) => {
      if (tx.owners.get(member.partition) !== member.token) return false;
      for (const record of records) {
        const isRepeated = record.sequence <= (tx.inbox.get(strandOf(record))?.seen ?? 0);
        if (isRepeated && mutant === "inbox check skipped") reading.apply(tx, record);
        else {
          const gap = takeIn(tx, reading, record);
          if (gap !== undefined) gaps.push({ record, ...gap });
        }
      }
      this.#move(tx, member, records);
      release(tx, reading, member.partition);
      return true;
    });
    if (!isOurs) {
      member.isLost = true;
      return;
    }
    for (const { topic } of records) {
      const name = `${topic}/${member.partition}`;
      member.positions.set(name, (member.positions.get(name) ?? 0) + 1);
    }
    for (const { key } of applied) member.armed.set(key, this.database.tables.cases.get(key)?.dueAt);
    for (const { record, missing } of gaps) onGap(this.shell.name, record, missing);
    onApplied(this.shell.name, applied);
    // A cause that another partition waited for may be among them.
    if (this.database.tables.held.length > 0) for (const bell of this.#news) bell.ring();
  }

  #move(tx: Tx<State>, { positions, partition }: Membership, records: readonly Fetched[]): void {
    for (const topic of new Set(records.map((record) => record.topic))) {
      const name = `${topic}/${partition}`;
      const read = records.filter((record) => record.topic === topic).length;
      tx.positions.set(name, (positions.get(name) ?? 0) + read);
    }
  }

  /** What comes next in the topics of a partition; topics in no order of their own. */
  #fetch({ partition, positions }: Membership): Fetched[] {
    const { broker, scheduler, latency } = this.#world;
    if (broker.awayUntil > scheduler.now) return [];
    const turn = latency() % this.shell.reads.length;
    return [...this.shell.reads.slice(turn), ...this.shell.reads.slice(0, turn)]
      .filter((topic) => (this.delayed.get(topic) ?? -Infinity) <= scheduler.now)
      .flatMap((topic) => {
        const from = positions.get(`${topic}/${partition}`) ?? 0;
        return broker.log(topic, partition).slice(from, from + batchMax);
      });
  }

  #untilNews(partition: number) {
    const { broker, scheduler } = this.#world;
    const later = [broker.awayUntil, ...this.delayed.values()].filter((at) => at > scheduler.now);
    const bell = this.#news[partition]!;
    return later.length === 0 ? { bell } : { bell, until: Math.min(...later) };
  }

  /** Fires what is due, once the partition has been read to its end, and only as its owner. */
  *#scan(member: Membership, replica: Replica): Steps {
    const { latency, scheduler, mutant } = this.#world;
    const { database, shell } = this;
    while (!member.isLost) {
      const due = this.#earliestDue(member);
      if (due >= scheduler.now) {
        yield { bell: database.committed, ...(due !== Infinity && { until: due + 1 }) };
        continue;
      }
      if (!this.#isCaughtUp(member)) {
        yield { bell: database.committed, until: scheduler.now + lookAgainMs };
        continue;
      }
      this.#aboutToFire.add(replica);
      yield { forMs: latency() };
      this.#aboutToFire.delete(replica);
      yield* database.transaction(latency, (tx) => {
        if (mutant === "fence skipped") return shell.fire?.(tx, member.partition, scheduler.now);
        if (tx.owners.get(member.partition) !== member.token) member.isLost = true;
        // Once more, now that the instant is read before which it fires: it may have been frozen since it looked.
        else if (mutant === "looked before it was frozen" || this.#isCaughtUp(member)) {
          shell.fire?.(tx, member.partition, scheduler.now);
        }
      });
      for (const key of member.armed.keys()) member.armed.set(key, database.tables.cases.get(key)?.dueAt);
    }
  }

  #earliestDue({ partition, armed }: Membership): Instant {
    let earliest = Infinity;
    if (this.#world.mutant === "timer armed in memory") {
      for (const due of armed.values()) if (due !== undefined && due < earliest) earliest = due;
      return earliest;
    }
    for (const { partition: at, dueAt } of this.database.tables.cases.values()) {
      if (at === partition && dueAt !== undefined && dueAt < earliest) earliest = dueAt;
    }
    return earliest;
  }

  #isCaughtUp({ partition, positions }: Membership): boolean {
    const { broker, scheduler } = this.#world;
    if (broker.awayUntil > scheduler.now) return false;
    return this.shell.reads.every(
      (topic) => (positions.get(`${topic}/${partition}`) ?? 0) >= broker.log(topic, partition).length,
    );
  }

  /** Take, send, remove: what is not removed is sent again by whoever comes next. */
  *#relay(turn: number): Steps {
    const { broker, scheduler, latency, mutant } = this.#world;
    while (this.#relays === turn) {
      const rows = this.database.tables.outbox.slice(0, batchMax);
      if (rows.length === 0) {
        yield { bell: this.database.committed };
        continue;
      }
      yield { forMs: latency() };
      if (mutant === "outbox row deleted before the send") yield* this.#remove(rows);
      let sent = 0;
      for (const { message } of rows) {
        if (Math.max(broker.awayUntil, this.unsentUntil) > scheduler.now) break;
        broker.append(message, scheduler.now);
        sent++;
        yield { forMs: latency() };
      }
      if (sent < rows.length) yield { forMs: lookAgainMs };
      else if (this.#relays === turn) yield* this.#remove(rows);
    }
  }

  *#remove(rows: readonly { readonly id: number }[]): Steps {
    const sent = new Set(rows.map(({ id }) => id));
    yield* this.database.transaction(this.#world.latency, (tx) => {
      for (let index = tx.outbox.length - 1; index >= 0; index--) {
        if (sent.has(tx.outbox[index]!.id)) tx.outbox.splice(index, 1);
      }
    });
  }
}

type Decided<State> = { readonly state: State; readonly messages: readonly Message[] };

/** Saves a case after a decision, and appends the messages to the outbox. */
export function save<State>(tx: Tx<State>, caseId: string, { state, messages }: Decided<State>, dueAt?: Instant): void {
  tx.cases.set(caseId, { state, partition: partitionOf(caseId), dueAt });
  tx.append(messages);
}
