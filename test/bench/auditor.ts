import { auditor as program } from "@crossline/auditor";
import { startService } from "@crossline/chassis";
import {
  type ClockEvent,
  type EventType,
  type LineDocument,
  type Message,
  derivedId,
  topics,
} from "@crossline/contracts";
import { type CaseClocks, type ClockInput, compileLine, decide } from "@crossline/domain";
import { type Broker, type Consumer, kafkaBroker, startConsumer, toWire } from "@crossline/messaging";
import { connect, migrate } from "@crossline/postgres";
import { createLogger } from "@crossline/service";
import { uniquePrefix } from "@crossline/testing";
import { prefixed } from "../scenarios/prefixed-broker.ts";
import { type Bench, median } from "./frame.ts";

const partitions = 12;
const log = createLogger("bench", "silent");
const ref = { carrier: "northtel", name: "bench", version: 1 };
const lineKey = `${ref.carrier}/${ref.name}@${ref.version}`;
const document: LineDocument = {
  line: "bench",
  mode: "cross",
  calendar: "24x7",
  clocks: [
    { kind: "first-response", target: "PT15M", warnAt: [] },
    { kind: "stall.busy", target: "PT20M", warnAt: [50, 75, 90] },
    { kind: "handling.limit", target: "PT45M", warnAt: [] },
    { kind: "stall.idle", target: "PT30M", warnAt: [] },
  ],
  crossing: [],
  lastResort: [],
};
/**
 * The events of a case. Each entry gives the minutes since the previous event, and the type of the event. A long call,
 * silence and another contact.
 */
const life: readonly (readonly [minutes: number, type: EventType, data?: Record<string, unknown>])[] = [
  [1, "handling.started"],
  ...Array.from({ length: 22 }, () => [1, "handling.continued"] as const),
  [1, "entry.added", { kind: "step-tried", by: "party", news: true, audience: "partners", entryId: "e1" }],
  [2, "handling.ended"],
  [45, "entry.added", { kind: "note", by: "party", news: true, audience: "partners", entryId: "e2" }],
  [10, "case.contacted", { contactId: "c", channel: "mail", direction: "outbound", content: "answer" }],
  [50, "case.closed", { from: "inProgress", reason: "by-carrier" }],
];

/** The speed of the auditor: records, firings included, per second of its own processor time. */
export const auditorKeepsUp: Bench = {
  name: "auditor",
  title: "Speed of the auditor",
  about:
    "Each case has a long call, a silence and an end. A real Kafka has the records of the cases and of their firings. The auditor reads these records, calculates the expected firings and compares them with the recorded firings, on a durable PostgreSQL. The result is the number of records that the auditor handles in one second of its processor time. The reference is the same consumer without any work for its records.",
  async run(scale, servers) {
    const [postgres, brokers] = [await servers.postgres(), await servers.kafka()];
    const records = history(scale === "quick" ? 800 : 3_000);
    const audited: number[] = [];
    const idle: number[] = [];
    const wallRates: number[] = [];
    for (let round = 0; round < (scale === "quick" ? 1 : 3); round++) {
      const prefix = `${uniquePrefix()}.`;
      const broker = prefixed(kafkaBroker({ brokers: [...brokers], clientId: "bench-auditor", log }), prefix);
      await publish(broker, records);
      const reference = await measure(postgres, broker, records.length, false);
      const auditor = await measure(postgres, broker, records.length, true);
      idle.push(reference.perCpuSecond);
      audited.push(auditor.perCpuSecond);
      wallRates.push(auditor.perSecond);
      await broker.close();
    }
    const ratio = median(audited) / median(idle);
    const firings = records.filter(({ topic }) => topic === topics.clock).length;
    return {
      figures: [
        {
          name: "records audited per core",
          figure: `${Math.round(median(audited))}/s`,
          ratio,
          against: `a consumer that does nothing, ${Math.round(median(idle))}/s`,
          spread: [Math.min(...audited) / median(idle), Math.max(...audited) / median(idle)],
          value: median(audited),
          must: { atLeast: 5_000 },
        },
      ],
      remarks: [
        `${records.length} records were audited, and ${firings} of them were from the clock topic. In elapsed time, the auditor handled ${Math.round(median(wallRates))} records a second, on a machine shared with Kafka and PostgreSQL.`,
      ],
    };
  },
};

/** Returns all records that intake and the timer would publish, in the order in which they happen. */
function history(cases: number): Message[] {
  const line = compileLine(ref, document);
  const began = Date.now();
  const all: { readonly order: number; readonly message: Message }[] = [];
  for (let index = 0; index < cases; index++) {
    const key = derivedId("cs", index, began);
    let time = began + index * 20;
    let sequence = 0;
    let state: CaseClocks | undefined;
    const happen = (type: EventType, data: Record<string, unknown>): void => {
      const actor = { party: "northtel", person: "rep-1", automated: false };
      const handling = type.startsWith("handling.") ? { handlingId: "hd", channel: "phone" } : {};
      const event = {
        topic: topics.case,
        key,
        sequence: ++sequence,
        type,
        time,
        timeline: "wall",
        after: sequence === 1 ? [{ topic: topics.line, key: lineKey, sequence: 1 }] : [],
        data: { actor, ...handling, ...data },
      };
      const decided: { state: CaseClocks; messages: readonly ClockEvent[] } = decide(
        state,
        event as unknown as ClockInput,
        line,
        time,
      );
      state = decided.state;
      for (const message of [...decided.messages, event]) all.push({ order: time, message });
    };
    const opening = { carrier: "northtel", carrierCaseId: `B-${index}`, kind: "fault", severity: "minor", title: "t" };
    happen("case.opened", { ...opening, channel: "phone", line: ref, lineReason: "named", status: "acknowledged" });
    for (const [minutes, type, data = {}] of life) {
      time += minutes * 60_000;
      happen(type, data);
    }
  }
  return all.toSorted((a, b) => a.order - b.order).map(({ message }) => message);
}

async function publish(broker: Broker, records: readonly Message[]): Promise<void> {
  await broker.ensureTopics(
    [...program.reads.topics, topics.audit].map((topic) => ({ topic, partitions, compacted: false })),
  );
  const line: Message = {
    topic: topics.line,
    key: lineKey,
    sequence: 1,
    type: "line.published",
    time: 0,
    timeline: "wall",
    data: { line: ref, document },
  };
  const all = [line, ...records];
  for (let at = 0; at < all.length; at += 1_000)
    await broker.send(all.slice(at, at + 1_000).map((message) => toWire(message, "/crossline/bench")));
}

type Rate = { readonly perCpuSecond: number; readonly perSecond: number };

/** Reads all records once in a separate schema, with the auditor or with a consumer that does nothing. */
async function measure(postgres: string, broker: Broker, count: number, isAuditor: boolean): Promise<Rate> {
  const schema = `bench_${uniquePrefix()}`;
  await migrate({ url: postgres, schema, directories: program.migrations });
  const database = connect({ url: postgres, schema, applicationName: "bench-auditor" });
  const settings = {
    internalKey: "key-of-the-benchmarks",
    partitions,
    graceMs: 60_000,
    lateMs: 10_000,
    heartbeatMs: 5_000,
  };
  const cpu = process.cpuUsage();
  const started = performance.now();
  const part = isAuditor
    ? await startService(program, { database, broker, log, settings })
    : await startConsumer({
        database,
        broker,
        group: schema,
        topics: program.reads.topics,
        types: program.reads.types,
        apply: nothing,
        log,
      });
  let seen = 0;
  while (seen < count) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const rows = await database.query<{ seen: number }>({
      text: "-- bench.count-seen\nselect coalesce(sum(applied), 0)::bigint as seen from inbox_sequence",
    });
    seen = rows[0]?.seen ?? 0;
  }
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - started) / 1000;
  await (part as Pick<Consumer, "stop">).stop();
  await database.query({ text: `-- bench.drop\ndrop schema ${schema} cascade` });
  await database.close();
  return { perCpuSecond: (count * 1e6) / (user + system), perSecond: count / seconds };
}

const nothing = (): Promise<void> => Promise.resolve();
