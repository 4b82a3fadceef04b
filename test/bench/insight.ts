import { hash } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { insight as program } from "@crossline/insight";
import { startService } from "@crossline/chassis";
import { type Message, newId, topics, wall } from "@crossline/contracts";
import { type Broker, kafkaBroker, toWire } from "@crossline/messaging";
import { type Database, connect, migrate } from "@crossline/postgres";
import { createLogger } from "@crossline/service";
import { uniquePrefix } from "@crossline/testing";
import { prefixed } from "../scenarios/prefixed-broker.ts";
import { type Bench, type BenchOutcome, type Measurement, type Scale, median, quantile } from "./frame.ts";
import { escalations, recordsPerCase, yearOf } from "./insight-history.ts";
import { parentOf, serverCpuSeconds } from "./processes.ts";

const file = resolve(
  process.env["INCIDENT_EVENT_LOG"] ?? resolve(import.meta.dirname, "../../../shared/data/incident_event_log.zip"),
);
const partitions = 12;
const log = createLogger("bench", "silent");
const key = `xl_northtel_${"b".repeat(43)}`;
const budgetMs = 0.2;
const rowsOfYear = 141_712;
const targetEvents = 5_000_000;

/** The price of insight: while it catches up, while cases escalate, and for each report. */
export const insightPrice: Bench = {
  name: "insight",
  title: "Price of insight",
  about: `Each generated case crosses to a vendor and comes back, with ${recordsPerCase} records on the case topic and the hand-off topic of a real Kafka. Insight reads them into a durable PostgreSQL. The processor time is that of insight's process and of the whole PostgreSQL server, which has no other work. The reports are over the generated cases and over the year of the log UCI 498.`,
  missing: () => (existsSync(file) ? undefined : `there is no ${file}; INCIDENT_EVENT_LOG names its path`),
  async run(scale, servers) {
    const [postgres, brokers] = [await servers.postgres(), await servers.kafka()];
    const broker = prefixed(
      kafkaBroker({ brokers: [...brokers], clientId: "bench-insight", log }),
      `${uniquePrefix()}.`,
    );
    const schema = `bench_${uniquePrefix()}`;
    await migrate({ url: postgres, schema, directories: program.migrations });
    const database = connect({ url: postgres, schema, applicationName: "bench-insight" });
    try {
      return await measure(scale, broker, database);
    } finally {
      await database.query({ text: `-- bench.drop\ndrop schema ${schema} cascade` });
      await database.close();
      await broker.close();
    }
  },
};

async function measure(scale: Scale, broker: Broker, database: Database): Promise<BenchOutcome> {
  const isQuick = scale === "quick";
  await broker.ensureTopics(
    [...program.reads.topics, topics.gap].map((topic) => ({ topic, partitions, compacted: false })),
  );
  const timeline = newId("imp");
  const history = escalations(isQuick ? 2_000 : 10_000, Date.now() - 90 * 86_400_000);
  const year = (await yearOf(file, timeline)).slice(0, isQuick ? 20_000 : rowsOfYear);
  await publish(broker, [partyRecord(), ...history]);
  const settings = { internalKey: "key-of-the-benchmarks", partitions, positionMs: 10_000 };
  const reader = createReader(database);
  const first = await reader.start();
  const insight = await startService(program, { database, broker, log, settings });
  try {
    const caughtUp = await first.after(history.length);
    const second = await reader.start();
    await publish(broker, year);
    const imported = await second.after(history.length + year.length);
    const live = await escalateLive(broker, reader, history.length + year.length, isQuick ? 5 : 20);
    const times = await reportTimes(insight.url, [wall, timeline], isQuick ? 5 : 10);
    return {
      figures: [
        priceOf("processor time per event, catching up", caughtUp),
        priceOf("processor time per row of an import", imported),
        {
          name: "five million events, extrapolated",
          figure: `${((targetEvents / caughtUp.perSecond) * (1 / 60)).toFixed(0)} min, ${Math.round(caughtUp.perSecond)}/s`,
          ratio: targetEvents / caughtUp.perSecond / 3_600,
          against: "one hour",
          must: { atMost: 1 },
        },
        {
          name: "processor time per escalated case, live",
          figure: `${live.toFixed(2)} ms`,
          ratio: live / (budgetMs * recordsPerCase),
          against: `${recordsPerCase} events of ${budgetMs} ms`,
          aim: { atMost: 1 },
        },
        ...times,
      ],
      remarks: [
        `${history.length} records of generated cases and ${year.length} rows of the log were read. The rate of ${targetEvents.toLocaleString("en")} events is extrapolated from the generated records. The benchmark's process also contains the producer, so the live price is an upper bound.`,
      ],
    };
  } finally {
    await insight.stop();
  }
}

type Price = { readonly ownMs: number; readonly serverMs: number; readonly perSecond: number };

function priceOf(name: string, { ownMs, serverMs }: Price): Measurement {
  const total = ownMs + serverMs;
  return {
    name,
    figure: `${total.toFixed(3)} ms (own ${ownMs.toFixed(3)}, PostgreSQL ${serverMs.toFixed(3)})`,
    ratio: total / budgetMs,
    against: `${budgetMs} ms`,
    value: total,
    must: { atMost: budgetMs },
  };
}

/** Measures the processor time until insight has applied a number of records. */
function createReader(database: Database) {
  async function applied(): Promise<number> {
    const [row] = await database.query<{ applied: number }>({
      text: "-- bench.count-applied\nselect coalesce(sum(applied), 0)::bigint as applied from inbox_sequence where topic <> 'crossline.party.v1'",
    });
    return row?.applied ?? 0;
  }
  return {
    async start() {
      const [backend] = await database.query<{ pid: number }>({ text: "-- bench.pid\nselect pg_backend_pid() as pid" });
      const server = parentOf(backend?.pid);
      const before = { own: process.cpuUsage(), server: serverCpuSeconds(server), count: await applied() };
      const started = performance.now();
      return {
        async after(count: number): Promise<Price> {
          while ((await applied()) < count) await delay(250);
          const seconds = (performance.now() - started) / 1_000;
          const { user, system } = process.cpuUsage(before.own);
          const events = count - before.count;
          return {
            ownMs: (user + system) / 1_000 / events,
            serverMs: ((serverCpuSeconds(server) - before.server) * 1_000) / events,
            perSecond: events / seconds,
          };
        },
      };
    },
  };
}

/** Publishes 100 cases a second for some seconds, and returns the processor time for each of them in milliseconds. */
async function escalateLive(
  broker: Broker,
  reader: ReturnType<typeof createReader>,
  before: number,
  seconds: number,
): Promise<number> {
  const records = escalations(100 * seconds, Date.now());
  const perTick = records.length / (seconds * 10);
  const measured = await reader.start();
  for (let tick = 0; tick < seconds * 10; tick++) {
    await publish(broker, records.slice(Math.round(tick * perTick), Math.round((tick + 1) * perTick)));
    await delay(90);
  }
  const { ownMs, serverMs } = await measured.after(before + records.length);
  return (ownMs + serverMs) * recordsPerCase;
}

const reports = [
  "first-contact-resolution?by=os,model",
  "contacts-per-case?period=month&zone=America/Toronto",
  "transfers-per-case?by=channel",
  "time-by-holder?period=quarter",
  "time-to-accept?by=queue",
  "returns-by-code?by=company",
  "promises-kept?by=company",
  "cure-time-gap?by=symptom,model",
  "cure-time-gap/before-after?date=2016-05-01T00:00:00Z",
  "training-debt?from=2000-01-01T00:00:00Z",
  "outcomes?from=2000-01-01T00:00:00Z",
];

async function reportTimes(url: string, timelines: readonly string[], rounds: number): Promise<Measurement[]> {
  const all: Measurement[] = [];
  for (const timeline of timelines) {
    const times: number[] = [];
    let slowest = { name: "", ms: 0 };
    for (const report of reports) {
      const own: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const started = performance.now();
        const response = await fetch(`${url}/v1/reports/${report}&timeline=${timeline}`, {
          headers: { authorization: `Bearer ${key}` },
        });
        await response.text();
        if (response.status !== 200) throw new Error(`${report}: ${response.status}`);
        own.push(performance.now() - started);
      }
      times.push(...own);
      if (median(own) > slowest.ms) slowest = { name: report, ms: median(own) };
    }
    const [half, high] = [median(times), quantile(times, 0.99)];
    all.push({
      name: timeline === wall ? "report over the generated cases" : "report over the year of the log",
      figure: `p50 ${half.toFixed(0)} ms, p99 ${high.toFixed(0)} ms; slowest ${slowest.name}, ${slowest.ms.toFixed(0)} ms`,
      ratio: high / 300,
      against: "300 ms",
      ...(timeline === wall ? { better: "lower" as const } : { aim: { atMost: 1 } }),
    });
  }
  return all;
}

function partyRecord(): Message {
  const keys = [{ keyId: "key_bench", hash: hash("sha256", key, "hex") }];
  const data = { party: "northtel", kind: "carrier", name: "Northtel", keys };
  return { topic: topics.party, key: "northtel", sequence: 1, type: "party.recorded", time: 0, timeline: wall, data };
}

async function publish(broker: Broker, records: readonly Message[]): Promise<void> {
  for (let at = 0; at < records.length; at += 1_000)
    await broker.send(records.slice(at, at + 1_000).map((message) => toWire(message, "/crossline/bench")));
}
