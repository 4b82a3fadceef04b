import {
  type ClockEvent,
  type Instant,
  type Message,
  type ReceivedMessage,
  newId,
  parseInstant,
  topics,
} from "@crossline/contracts";
import { type Broker, fromWire, memoryBroker, toWire } from "@crossline/messaging";
import { type Database, connect } from "@crossline/postgres";
import { createLogger } from "@crossline/service";
import { type ServiceDeps, type StartedProgram, startService } from "@crossline/chassis";
import { freshDatabase, waitFor } from "@crossline/testing";
import { timer as program } from "../src/app.ts";
import { type TestRecords, createRecords, partitions } from "./records.ts";

export type Timer = StartedProgram<typeof program>;

export const internalKey = "internal-key-of-these-tests";
export const log = createLogger("timer-test", "silent");

/** A timer with its database and broker. The test publishes the records of intake and routing. */
export type World = TestRecords & {
  readonly database: Database;
  readonly broker: Broker;
  /** The records that the timer has published on the clock topic, in order of arrival, with repetitions. */
  readonly published: readonly ReceivedMessage<ClockEvent>[];
  start(options?: Partial<ServiceDeps<object>>): Promise<Timer>;
  /** On the in-process broker, the call ends after a timer has applied all messages. */
  publish(...messages: readonly Message[]): Promise<void>;
  /** Returns "7th 09:20:00 stall.busy 100" for each clock event of a case, in order of sequence. */
  fired(caseId: string): string[];
  stop(): Promise<void>;
};

export async function createWorld(broker: Broker = memoryBroker({ log })): Promise<World> {
  const fresh = await freshDatabase("timer");
  const database = connect(fresh.options("timer"));
  const published: ReceivedMessage<ClockEvent>[] = [];
  const timers: Timer[] = [];
  await broker.ensureTopics(Object.values(topics).map((topic) => ({ topic, partitions, compacted: false })));
  const witness = await listen(broker, published);
  return {
    ...createRecords(),
    database,
    broker,
    published,
    publish: (...messages) => broker.send(messages.map((message) => toWire(message, "/crossline/test"))),
    async start(options = {}) {
      const timer = await startService(program, {
        database,
        broker,
        log,
        settings: { internalKey, partitions },
        ...options,
      });
      timers.push(timer);
      return timer;
    },
    fired: (caseId) => describe(published.filter(({ key }) => key === caseId)),
    async stop() {
      await Promise.all(timers.map((timer) => timer.stop()));
      await witness.stop();
      await broker.close();
      await database.close();
      await fresh.drop();
    },
  };
}

function listen(broker: Broker, published: ReceivedMessage<ClockEvent>[]) {
  return broker.subscribe({
    group: `witness-${newId("cs")}`,
    topics: [topics.clock],
    onAssigned: async () => new Map(),
    onRecords: async ({ records }) => {
      for (const record of records) {
        const read = fromWire(record);
        if (read.ok && !read.skipped) published.push(read.event as ReceivedMessage<ClockEvent>);
      }
    },
    onCrash: (error) => log.error({ err: error }, "the witness crashed"),
  });
}

function describe(events: readonly ReceivedMessage<ClockEvent>[]): string[] {
  return events
    .toSorted((a, b) => a.sequence - b.sequence)
    .map(({ type, data }) => {
      if (type === "clock.overtaken") return `overtaken ${data.clock}`;
      if (type === "clock.recomputed") return `recomputed ${data.clock}`;
      if (type === "handling.silent") return `silent ${data.handlingId}`;
      const time = Temporal.Instant.from(data.dueAt).toZonedDateTimeISO("-05:00").toPlainDateTime();
      return `${time.day}th ${time.toPlainTime().toString().slice(0, 8)} ${data.clock} ${data.threshold}`;
    });
}

type Report = { appended: Record<string, number>; applied: Record<string, number>; earliestDue?: string };

/** Returns the timer's report of a stepped timeline, as intake reads it. */
export async function report(timer: Timer, timeline: string): Promise<Report> {
  const headers = { authorization: `Bearer ${internalKey}` };
  const response = await fetch(`${timer.url}/internal/timelines/${timeline}`, { headers });
  if (!response.ok) throw new Error(`the timer refused the report: ${response.status}`);
  return (await response.json()) as Report;
}

/** Moves the mark of a timeline from deadline to deadline, and stops just after each one, as intake does. After each move, waits until the timer has caught up. */
export async function advance(world: World, timer: Timer, timeline: string, to: Instant): Promise<void> {
  for (;;) {
    const { earliestDue } = await report(timer, timeline);
    const due = earliestDue === undefined ? Infinity : parseInstant(earliestDue);
    const mark = Math.min(due + 1, to);
    await world.publish(...world.marks(timeline, mark));
    await waitFor(async () => {
      const rest = await report(timer, timeline);
      return rest.earliestDue === undefined || parseInstant(rest.earliestDue) >= mark;
    });
    if (mark === to) return;
  }
}

/** Returns the stored due instant of a case. */
export async function storedDue(world: World, caseId: string): Promise<Instant | null> {
  const [row] = await world.database.query<{ dueAt: Instant | null }>({
    text: `select due_at as "dueAt" from case_clock where case_id = $1`,
    values: [caseId],
  });
  if (row === undefined) throw new Error("the table has no such case");
  return row.dueAt;
}
