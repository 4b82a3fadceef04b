import {
  appendToOutbox,
  registerMessageCounters,
  registerMessageGauges,
  startRelay,
  addMessagingChecks,
} from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { consume, effectDatabase, message, recordingLog } from "./effects.ts";
import { fakeBroker } from "./fake-broker.ts";

const topic = "t.case";
let database: Database;
let close: () => Promise<void>;
let fake: ReturnType<typeof fakeBroker>;
const stops: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  ({ database, close } = await effectDatabase());
  fake = fakeBroker([topic], 3);
});
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  await close();
});

/** A registry that a test scrapes itself. An unknown value is absent, as in the chassis. */
function createRegistry() {
  const collects = new Map<string, (gauge: Gauge) => void | Promise<void>>();
  const counted = new Map<string, number>();
  type Gauge = { set(labels: object, value: number): void; reset(): void };
  const textOf = (name: string, labels: object) =>
    `${name}${Object.values(labels)
      .map((it) => `/${it}`)
      .join("")}`;
  return {
    registry: {
      counter: ({ name }: { name: string }) => ({
        inc: (labels: object, by = 1) =>
          void counted.set(textOf(name, labels), (counted.get(textOf(name, labels)) ?? 0) + by),
      }),
      gauge: ({ name, collect }: { name: string; collect: (gauge: Gauge) => void | Promise<void> }) =>
        collects.set(name, collect),
    },
    counted,
    async scrape(): Promise<Map<string, number>> {
      const values = new Map<string, number>();
      const one = async ([name, collect]: [string, (gauge: Gauge) => void | Promise<void>]): Promise<void> => {
        const own = new Map<string, number>();
        const set = (labels: object, value: number) => void own.set(textOf(name, labels), value);
        try {
          await collect({ set, reset: () => own.clear() });
          for (const [text, value] of own) values.set(text, value);
        } catch {
          // Absent.
        }
      };
      await Promise.all([...collects].map(one));
      return values;
    },
  };
}

async function start() {
  const { registry, counted, ...by } = createRegistry();
  const scrape = () => by.scrape();
  const log = recordingLog();
  const { consumer, member } = await consume(database, fake, [topic]);
  const relay = startRelay({ database, broker: fake.broker, source: "/crossline/test", log });
  stops.push(
    () => consumer.stop(),
    () => relay.stop(),
  );
  const counts = registerMessageCounters(registry, [topic]);
  registerMessageGauges(registry, { database, consumer, relay });
  const checks = { live: new Map<string, () => unknown>(), ready: new Map<string, () => unknown>() };
  addMessagingChecks(
    {
      live: (name, check) => void checks.live.set(name, check),
      ready: (name, check) => void checks.ready.set(name, check),
    },
    { consumer, relay },
  );
  await waitFor(() => relay.active() && consumer.lag() !== undefined);
  return { relay, consumer, member, scrape, counted, counts, checks };
}

test("alarm counters begin at 0, so that Prometheus sees the first increase", async () => {
  const { counted, counts } = await start();
  for (const alarm of ["sequence_gaps", "dead_letters", "parked"]) {
    expect(counted.get(`crossline_consumer_${alarm}_total/${topic}`)).toBe(0);
  }
  counts.consumer.gap?.(topic);
  expect(counted.get(`crossline_consumer_sequence_gaps_total/${topic}`)).toBe(1);
});

test("the metric of the lag is absent while the broker does not return its end offsets", async () => {
  const { scrape } = await start();
  fake.append(message(topic, "a", 1));
  await waitFor(async () => (await scrape()).get(`crossline_consumer_lag/${topic}`) === 1);
  fake.state.down = true;
  await waitFor(async () => !(await scrape()).has(`crossline_consumer_lag/${topic}`), { timeoutMs: 10_000 });
  expect((await scrape()).get("crossline_consumer_look_age_seconds")).toBeGreaterThan(4);
});

test("a send that does not end changes metrics and readiness, and causes no restart", async () => {
  const { promise: taken, resolve: take } = Promise.withResolvers<void>();
  fake.state.onSend = () => taken;
  const { relay, scrape, checks } = await start();
  expect((await scrape()).get("crossline_relay_stalled_seconds")).toBe(0);
  await database.transaction((tx) => appendToOutbox(tx, [message(topic, "a", 1)]));
  relay.wake();
  await waitFor(() => relay.stalledMs() > 100);
  const values = await scrape();
  expect(values.get("crossline_relay_stalled_seconds")).toBeGreaterThan(0.1);
  expect(values.get("crossline_outbox_depth")).toBe(1);
  expect([...checks.live.values()].map((check) => check())).toEqual([undefined, undefined]);
  take();
  await waitFor(() => relay.stalledMs() === 0);
  expect(checks.ready.get("relay")?.()).toBeUndefined();
});

test("without the database the metrics that read it are absent, and one metric reports the outage", async () => {
  const { scrape, consumer, relay } = await start();
  expect((await scrape()).get("crossline_postgres_up")).toBe(1);
  expect([...(await scrape()).keys()]).toContain("crossline_inbox_standing/parked");
  await Promise.all([consumer.stop(), relay.stop()]);
  await database.close();
  const values = await scrape();
  expect(values.get("crossline_postgres_up")).toBe(0);
  expect([...values.keys()].filter((name) => /outbox|inbox|snapshot/.test(name))).toEqual([]);
});

test("the age of a forgotten snapshot grows with every transaction", async () => {
  const { scrape } = await start();
  const age = async () => (await scrape()).get("crossline_postgres_snapshot_age_transactions") ?? -1;
  await database.session(async (session) => {
    await session.query({ text: "begin isolation level repeatable read" });
    await session.query({ text: "select 1" });
    for (let count = 0; count < 20; count++) await database.query({ text: "select pg_current_xact_id()" });
    expect(await age()).toBeGreaterThanOrEqual(20);
  });
  await waitFor(async () => (await age()) < 20);
});
