import { type ClockEvent, type Message, isFiring, topics, wall } from "@crossline/contracts";
import { type WireRecord, partitionOf, startConsumer } from "@crossline/messaging";
import { connect } from "@crossline/postgres";
import { createLogger } from "@crossline/service";
import { startService } from "@crossline/chassis";
import { timer } from "@crossline/timer";
import { apply, startDueScanner } from "@crossline/timer/scanner";
import { createLines } from "@crossline/projection/compiled-lines";
import { type StubBroker, stubBroker } from "./timers-broker.ts";
import { partitions, rep } from "./timers-cases.ts";
import { startWitness } from "./timers-witness.ts";

/** The task of this process. */
export type TimerRole = {
  readonly url: string;
  /** `timer` runs the whole service up to the broker. `scanner` reads, arms and fires, but does not remove its outbox rows. */
  readonly role: "timer" | "scanner";
  /** The index of this process. Each of `members` processes has its share of the partitions. */
  readonly member?: number;
  readonly members?: number;
  /** Signs of life per second that the process reads while it fires. Each sign of life restarts a clock of a random case. */
  readonly rearmsPerSecond?: number;
};

const argument = JSON.parse(process.argv[2] ?? "") as TimerRole;
const { url, role, member = 0, members = 1, rearmsPerSecond = 0 } = argument;
const log = createLogger("bench", "silent");
const database = connect({ url, schema: "timer", applicationName: "bench-timer" });
const witness = startWitness(start);
const broker = stubBroker(sent, member, members);

const dueAtOf = /"dueAt":"([^"]+)"/;
function sent(records: readonly WireRecord[]): void {
  const at = Date.now();
  for (const { value } of records) {
    const dueAt = dueAtOf.exec(value)?.[1];
    if (dueAt !== undefined) witness.saw(Date.parse(dueAt), at);
  }
}

function committed(events: readonly ClockEvent[]): void {
  const at = Date.now();
  for (const event of events) if (isFiring(event)) witness.saw(Date.parse(event.data.dueAt), at);
}

async function start(): Promise<void> {
  if (role === "timer") {
    await startService(timer, {
      database,
      broker,
      log,
      settings: { internalKey: "of-this-benchmark-alone", partitions },
    });
  } else {
    await startScanner();
  }
  if (rearmsPerSecond > 0) await rearm(broker);
}

/** Starts the components of `startService` except the relay and the routes. */
async function startScanner(): Promise<void> {
  const lines = createLines();
  let applied: Awaited<ReturnType<typeof apply>> | undefined;
  let scanner: ReturnType<typeof startDueScanner> | undefined;
  const consumer = await startConsumer({
    database,
    broker,
    group: "timer",
    log,
    topics: timer.reads.topics,
    types: timer.reads.types,
    apply: async (tx, events) => {
      applied = await apply(tx, lines, events);
    },
    onApplied: () => {
      if (applied !== undefined) scanner?.takeHints(applied);
    },
  });
  scanner = startDueScanner({ database, consumer, lines, log, onFired: committed });
}

async function rearm(stub: StubBroker): Promise<void> {
  const text = `
    -- bench.cases
    select key as id, applied::integer as sequence from inbox_sequence where topic = $1`;
  const all = await database.query<{ id: string; sequence: number }>({ text, values: [topics.case] });
  const own = all.filter(({ id }) => partitionOf(id, partitions) % members === member);
  // The ids are in a buffer outside the heap. A million objects in the heap would cause garbage collection, which a
  // real timer does not have.
  const idLength = own[0]?.id.length ?? 0;
  const ids = Buffer.from(own.map(({ id }) => id).join(""), "latin1");
  const sequences = Int32Array.from(own, ({ sequence }) => sequence);
  const startedAt = performance.now();
  let made = 0;
  setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) * rearmsPerSecond) / 1000);
    const messages: Message[] = [];
    for (; made < due; made++) {
      const place = Math.floor(Math.random() * sequences.length);
      const key = ids.toString("latin1", place * idLength, (place + 1) * idLength);
      const sequence = (sequences[place] ?? 0) + 1;
      sequences[place] = sequence;
      const data = { actor: rep, handlingId: "hd_00000000000000000000000000", channel: "phone" };
      const event = { topic: topics.case, key, sequence, time: Date.now(), timeline: wall, data };
      messages.push({ ...event, type: "handling.continued" });
    }
    stub.feed(messages);
  }, 10);
}

setInterval(() => witness.waits(broker.waiting()), 100).unref();
