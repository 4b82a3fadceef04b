import type { Message } from "@crossline/contracts";
import {
  appendToOutbox,
  countTimeline,
  listDeadLetters,
  outboxDepth,
  type Relay,
  startRelay,
} from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { effectDatabase, message, recordingLog, stepped } from "./effects.ts";
import { fakeBroker } from "./fake-broker.ts";

const topic = "t.case";
let database: Database;
let close: () => Promise<void>;
let fake: ReturnType<typeof fakeBroker>;
let log: ReturnType<typeof recordingLog>;
let relays: Relay[];

beforeEach(async () => {
  ({ database, close } = await effectDatabase());
  fake = fakeBroker([topic], 3);
  log = recordingLog();
  relays = [];
});

afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.stop()));
  await close();
});

function start(): Relay {
  const relay = startRelay({ database, broker: fake.broker, source: "/crossline/test", log });
  relays.push(relay);
  return relay;
}

const append = (...messages: Message[]) => database.transaction((tx) => appendToOutbox(tx, messages));
const many = (count: number, key = "a", from = 1) =>
  Array.from({ length: count }, (_, index) => message(topic, key, from + index));
const empty = () => waitFor(async () => (await outboxDepth(database)) === 0);
const sent = () => fake.sent.flat().map(({ key, headers }) => `${key}/${headers["ce_sequence"]}`);
const unique = (items: readonly string[]) => [...new Set(items)];
const expected = (count: number, key = "a") => many(count, key).map(({ sequence }) => `${key}/${sequence}`);

test("the relay sends present and new rows in order, and deletes them", async () => {
  await append(...many(1_200));
  const relay = start();
  await empty();
  await append(...many(3, "a", 1_201));
  relay.wake();
  await empty();
  expect(sent()).toEqual(expected(1_203));
  expect(fake.sent.every((records) => records.length <= 500)).toBe(true);
  expect(fake.sent[0]?.[0]?.headers).toMatchObject({ ce_source: "/crossline/test", ce_id: "case/a/1" });
  expect(await relay.depth()).toBe(0);
});

test("the relay takes a row that becomes visible late, and its key stays in order", async () => {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const { promise: inside, resolve: entered } = Promise.withResolvers<void>();
  start();
  const late = database.transaction(async (tx) => {
    await appendToOutbox(tx, [message(topic, "late", 1)]);
    entered();
    await opened;
  });
  await inside;
  await append(...many(5));
  await empty();
  open();
  await late;
  await append(message(topic, "late", 2));
  await waitFor(() => sent().length === 7);
  expect(sent().slice(5)).toEqual(["late/1", "late/2"]);
});

test("the relay keeps all rows while the broker is unavailable, and sends each key in order afterwards", async () => {
  let failures = 3;
  fake.state.onSend = async () => {
    if (failures-- > 0) throw new Error("no broker");
  };
  await append(...many(800));
  const relay = start();
  await waitFor(() => failures < 3);
  await append(...many(3, "a", 801));
  relay.wake();
  await empty();
  expect(sent()).toEqual(expected(803));
  const texts = log.lines.map((line) => line.message);
  expect(texts.filter((text) => text.startsWith("the broker did not accept"))).toHaveLength(1);
  expect(texts).toContain("the broker accepts records again");
});

test("the relay repeats a failed send, with duplicates but in order", async () => {
  let broken = false;
  const taken: string[] = [];
  fake.state.onSend = async (records) => {
    const names = records.map(({ headers }) => `a/${headers["ce_sequence"]}`);
    if (!broken) {
      broken = true;
      taken.push(...names.slice(0, 200));
      throw new Error("lost in the middle");
    }
    taken.push(...names);
  };
  await append(...many(900));
  start();
  await empty();
  expect(taken).toHaveLength(1_100);
  expect(unique(taken)).toEqual(expected(900));
});

test("the relay moves a record over the limit to the dead letters and continues", async () => {
  const huge = { ...message(topic, "a", 2, { timeline: stepped }), data: { text: "x".repeat(1_100_000) } };
  await append(message(topic, "a", 1, { timeline: stepped }), huge, message(topic, "a", 3, { timeline: stepped }));
  const { RecordTooLargeError } = await import("@crossline/messaging");
  fake.state.onSend = async (records) => {
    for (const record of records) {
      if (record.value.length > 1_000_000) throw new RecordTooLargeError(record, record.value.length);
    }
  };
  start();
  await empty();
  expect(sent()).toEqual(["a/1", "a/3"]);
  const [letter] = await listDeadLetters(database);
  expect(letter).toMatchObject({ direction: "out", topic, key: "a", timeline: stepped });
  expect(log.lines.filter(({ level }) => level === "error")).toHaveLength(1);
  // The record will never arrive, so no timeline waits for it.
  expect(await countTimeline(database, stepped)).toMatchObject({ appended: { [topic]: 2 }, dead: 1 });
});

test("the relay sends large records in several sends", async () => {
  const large = many(12).map((one) => ({ ...one, data: { text: "x".repeat(900_000) } }));
  for (const one of large) await append(one);
  start();
  await empty();
  expect(sent()).toEqual(expected(12));
  expect(Math.max(...fake.sent.map((records) => records.length))).toBeLessThanOrEqual(6);
});

test("only one of two relays sends, and the other relay takes over when the first relay stops", async () => {
  const first = start();
  await waitFor(() => first.active());
  const second = start();
  await append(...many(1_000));
  await empty();
  expect(second.active()).toBe(false);
  expect(sent()).toEqual(expected(1_000));
  const stoppedAt = performance.now();
  await first.stop();
  await waitFor(() => second.active());
  expect(performance.now() - stoppedAt).toBeLessThan(1_000);
  await append(...many(10, "a", 1_001));
  await empty();
  expect(sent()).toEqual(expected(1_010));
});

test("a relay stops at once when its connection is lost, and another relay continues", async () => {
  let sends = 0;
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  fake.state.onSend = async () => {
    if (++sends === 2) await opened;
  };
  await append(...many(3_000));
  const first = start();
  await waitFor(() => sends === 2);
  const second = start();
  await database.query({
    text: "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())",
  });
  await waitFor(() => second.active() || (sends > 2 && first.active()));
  open();
  await empty();
  // Records in flight at the loss of the connection can be sent twice. The test counts only the first copy.
  expect(unique(sent())).toHaveLength(3_000);
  expect(log.lines.filter(({ level }) => level === "error")).toEqual([]);
});

test("`stop` waits only a limited time for the running send, and can be called twice or before the start", async () => {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  let sends = 0;
  fake.state.onSend = () => (++sends === 1 ? opened : new Promise(() => {}));
  await append(...many(2));
  const first = start();
  await waitFor(() => sends === 1);
  const stopped = Promise.all([first.stop(), first.stop()]);
  open();
  await stopped;
  expect(await outboxDepth(database)).toBe(0);
  await append(message(topic, "a", 3));
  const second = start();
  await waitFor(() => sends === 2);
  await second.stop();
  expect(await outboxDepth(database)).toBe(1);
  await start().stop();
});

test("the relay deletes the last sent rows when it stops", async () => {
  const relay = start();
  await append(...many(3));
  relay.wake();
  await waitFor(() => fake.sent.flat().length === 3);
  await relay.stop();
  expect(await outboxDepth(database)).toBe(0);
});

test("the relay polls rarely while no standby exists, and often while another process can commit", async () => {
  const { database: watched, polls } = recordPolls(database);
  const relay = startRelay({ database: watched, broker: fake.broker, source: "/crossline/test", log });
  relays.push(relay);
  await waitFor(() => relay.active());
  await waitFor(() => polls.gaps().some((ms) => ms > 700));
  start();
  await waitFor(() => polls.gaps().at(-1) !== undefined && (polls.gaps().at(-1) ?? Infinity) < 400);
  await append(message(topic, "a", 1)); // this test does not call `wake`
  await empty();
  expect(sent()).toEqual(["a/1"]);
});

/** Wraps the database so that its sessions record the times of the polls. */
function recordPolls(inner: Database) {
  const at: number[] = [];
  const session: Database["session"] = (work, options) =>
    inner.session(
      (tx, signal) =>
        work(
          {
            query: (query) => {
              if (query.name === "outbox.take") at.push(performance.now());
              return tx.query(query);
            },
          },
          signal,
        ),
      options,
    );
  const gaps = () => at.slice(1).map((time, index) => time - (at[index] ?? 0));
  return { database: { ...inner, session }, polls: { gaps } };
}
