import type { Instant, Message } from "@crossline/contracts";
import { type FetchedRecord, partitionOf, partitions } from "./broker.ts";
import { Signal, type Replica, type Steps } from "./scheduler.ts";
import {
  Database,
  type CommitListener,
  type RecordReading,
  type Tx,
  findReady,
  applyHeld,
  inboxKeyOf,
  receive,
} from "./store.ts";
import type { Shell, ServiceDeps } from "./service-deps.ts";
import { isLostCause, skipLost, trimmedTopics } from "./trimmed.ts";

/** The memory of a group member for one partition. A crash of the process loses this memory. */
type Membership = {
  readonly partition: number;
  readonly token: string;
  readonly positions: Map<string, number>;
  isLost: boolean;
  /** The due instants in memory, which only the mutant "timer armed in memory" reads. */
  readonly armed: Map<string, Instant | undefined>;
};

const batchMax = 6;
const pollMs = 500;

/** One service: its schema, its two replicas, and the simulated processes of each replica. */
export class Service<State> {
  readonly shell: Shell<State>;
  readonly database: Database<State>;
  readonly replicas: readonly [Replica, Replica];
  /** For each delayed topic, the instant until which the service receives no records of the topic. */
  readonly delayed = new Map<string, Instant>();
  /** The instant before which the relay of this service cannot reach the broker. */
  unsentUntil: Instant = -Infinity;
  readonly #aboutToFire = new Set<Replica>();
  /** One signal for each partition, which is raised when a record can be read or applied. */
  readonly #arrivals = partitions.map(() => new Signal());
  readonly #world: ServiceDeps;
  readonly #reading: Pick<RecordReading<State>, "reads" | "isLost">;
  #claims = 0;
  #relays = 0;

  constructor(shell: Shell<State>, world: ServiceDeps, onCommit: CommitListener<State>) {
    this.shell = shell;
    this.#world = world;
    const waitsForLost = world.mutant === "waits for a deleted cause";
    this.#reading = {
      reads: new Set(shell.reads),
      isLost: (tables, cause) => !waitsForLost && isLostCause(tables, world.broker, cause),
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

  onAppend(topic: string, partition: number): void {
    if (this.#reading.reads.has(topic)) this.#arrivals[partition]?.raise();
  }

  /** True if the replica has checked that it is caught up, and has not yet fired. */
  isAboutToFire(replica: Replica): boolean {
    return this.#aboutToFire.has(replica);
  }

  /** Assigns a partition to a replica, which reads nothing for `idleMs`. The former owner's next transaction finds the new owner. */
  assign(partition: number, replica: Replica, afterMs = 0, idleMs = 0): void {
    this.#world.scheduler.start(this.#consume(partition, replica, idleMs), replica, afterMs);
  }

  /** Starts the relay of a replica. A relay that already runs ends after its present batch. */
  relayFrom(replica: Replica, afterMs = 0): void {
    this.#world.scheduler.start(this.#relay(++this.#relays), replica, afterMs);
  }

  /** Returns whether no record waits to be sent, read or applied, and no threshold is due. */
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
      if (records.length === 0 && findReady(database.tables, this.#reading, partition) < 0) {
        yield this.#nextArrival(partition);
        continue;
      }
      yield { forMs: latency() };
      if (mutant === "position before the transaction") {
        yield* database.transaction(latency, (tx) => this.#move(tx, member, records));
      }
      yield* this.#apply(member, records);
    }
  }

  /** Moves the positions past the records that were deleted before the service read them. */
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

  *#apply(member: Membership, records: readonly FetchedRecord[]): Steps {
    const { latency, scheduler, mutant, onApplied, onGap, isUnopened } = this.#world;
    const applied: FetchedRecord[] = [];
    const gaps: { readonly record: FetchedRecord; readonly missing: number }[] = [];
    const reading: RecordReading<State> = {
      ...this.#reading,
      apply: (tx, record) => {
        if (!isUnopened(this.shell.name, record.key)) this.shell.apply(tx, record, scheduler.now);
        applied.push(record);
      },
    };
    const isOurs = yield* this.database.transaction(latency, (tx) => {
      if (tx.owners.get(member.partition) !== member.token) return false;
      for (const record of records) {
        const isRepeated = record.sequence <= (tx.inbox.get(inboxKeyOf(record))?.seen ?? 0);
        if (isRepeated && mutant === "inbox check skipped") reading.apply(tx, record);
        else {
          const gap = receive(tx, reading, record);
          if (gap !== undefined) gaps.push({ record, ...gap });
        }
      }
      this.#move(tx, member, records);
      applyHeld(tx, reading, member.partition);
      return true;
    });
    if (!isOurs) return void (member.isLost = true);
    for (const { topic } of records) {
      const name = `${topic}/${member.partition}`;
      member.positions.set(name, (member.positions.get(name) ?? 0) + 1);
    }
    for (const { key } of applied) member.armed.set(key, this.database.tables.cases.get(key)?.dueAt);
    for (const { record, missing } of gaps) onGap(this.shell.name, record, missing);
    onApplied(this.shell.name, applied);
    // Another partition may wait for one of these records as a cause.
    if (this.database.tables.held.length > 0) for (const signal of this.#arrivals) signal.raise();
  }

  #move(tx: Tx<State>, { positions, partition }: Membership, records: readonly FetchedRecord[]): void {
    for (const topic of new Set(records.map((record) => record.topic))) {
      const name = `${topic}/${partition}`;
      const read = records.filter((record) => record.topic === topic).length;
      tx.positions.set(name, (positions.get(name) ?? 0) + read);
    }
  }

  /** Returns the next records of a partition. The order of the topics is random. */
  #fetch({ partition, positions }: Membership): FetchedRecord[] {
    const { broker, scheduler, latency } = this.#world;
    if (broker.awayUntil > scheduler.now) return [];
    const first = latency() % this.shell.reads.length;
    return [...this.shell.reads.slice(first), ...this.shell.reads.slice(0, first)]
      .filter((topic) => (this.delayed.get(topic) ?? -Infinity) <= scheduler.now)
      .flatMap((topic) => {
        const from = positions.get(`${topic}/${partition}`) ?? 0;
        return broker.log(topic, partition).slice(from, from + batchMax);
      });
  }

  #nextArrival(partition: number) {
    const { broker, scheduler } = this.#world;
    const later = [broker.awayUntil, ...this.delayed.values()].filter((at) => at > scheduler.now);
    const signal = this.#arrivals[partition]!;
    return later.length === 0 ? { signal } : { signal, until: Math.min(...later) };
  }

  /** Fires the due thresholds of a partition that this member owns and has read to its end. */
  *#scan(member: Membership, replica: Replica): Steps {
    const { latency, scheduler, mutant } = this.#world;
    const { database, shell } = this;
    while (!member.isLost) {
      const due = this.#earliestDue(member);
      if (due >= scheduler.now) {
        yield { signal: database.committed, ...(due !== Infinity && { until: due + 1 }) };
        continue;
      }
      if (!this.#isCaughtUp(member)) {
        yield { signal: database.committed, until: scheduler.now + pollMs };
        continue;
      }
      this.#aboutToFire.add(replica);
      yield { forMs: latency() };
      this.#aboutToFire.delete(replica);
      yield* database.transaction(latency, (tx) => {
        if (mutant === "fence skipped") return shell.fire?.(tx, member.partition, scheduler.now);
        if (tx.owners.get(member.partition) !== member.token) member.isLost = true;
        // This second check follows the reading of `now`, because the replica may have been frozen since the first check.
        else if (mutant === "no second check after a freeze" || this.#isCaughtUp(member)) {
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

  /** Reads, sends and removes outbox rows. The next relay repeats the rows that this relay did not remove. */
  *#relay(number: number): Steps {
    const { broker, scheduler, latency, mutant } = this.#world;
    while (this.#relays === number) {
      const rows = this.database.tables.outbox.slice(0, batchMax);
      if (rows.length === 0) {
        yield { signal: this.database.committed };
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
      if (sent < rows.length) yield { forMs: pollMs };
      else if (this.#relays === number) yield* this.#remove(rows);
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

type CaseDecision<State> = { readonly state: State; readonly messages: readonly Message[] };

/** Saves a case after a decision, and appends the messages to the outbox. */
export function save<State>(
  tx: Tx<State>,
  caseId: string,
  { state, messages }: CaseDecision<State>,
  dueAt?: Instant,
): void {
  tx.cases.set(caseId, { state, partition: partitionOf(caseId), dueAt });
  tx.append(messages);
}
