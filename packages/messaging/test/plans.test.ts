import { appendToOutbox } from "@crossline/messaging";
import { connect, type Database, type Query, type Tx } from "@crossline/postgres";
import { freshDatabase, waitFor } from "@crossline/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startRelay } from "../src/relay.ts";
import { consume, createEffects, effects, message, recordingLog, stepped } from "./effects.ts";
import { fakeBroker } from "./fake-broker.ts";

const [c, h] = ["t.case", "t.handoff"];
let database: Database;
let fresh: Awaited<ReturnType<typeof freshDatabase>>;

beforeEach(async () => {
  fresh = await freshDatabase("effects");
  database = connect(fresh.options("effects"));
  await createEffects(database);
});

afterEach(async () => {
  await database.close();
  await fresh.drop();
});

/** Wraps the database to record every named statement of a transaction or session that keeps its plans. */
function recording(inner: Database) {
  const statements = new Map<string, string>();
  const record = (tx: Tx): Tx => ({
    query: (query: Query) => {
      if (query.name !== undefined) statements.set(query.name, query.text);
      return tx.query(query);
    },
  });
  const recorded: Database = {
    ...inner,
    transaction: (work, options) =>
      inner.transaction((tx) => work(options?.keepPlans === true ? record(tx) : tx), options),
    session: (work, options) =>
      inner.session((tx, signal) => work(options?.keepPlans === true ? record(tx) : tx, signal), options),
  };
  return { database: recorded, statements };
}

test("a kept plan finds its rows by index, even if Postgres made the plan on empty tables", async () => {
  const fake = fakeBroker([c, h], 3);
  const { database: recorded, statements } = recording(database);
  const { consumer, member } = await consume(recorded, fake, [c, h]);
  const relay = startRelay({ database: recorded, broker: fake.broker, source: "/t", log: recordingLog() });
  await database.transaction((tx) => appendToOutbox(tx, [message(c, "a", 1), message(c, "b", 1)]));
  const after = [{ topic: c, key: "cause", sequence: 1 }];
  fake.append(message(h, "held", 1, { after, timeline: stepped }));
  await waitFor(() => fake.sent.flat().length === 2);
  await member.deliverAll();
  fake.append(message(c, "cause", 1, { timeline: stepped }));
  await member.deliverAll();
  await waitFor(async () => (await effects(database)).length === 4);
  await Promise.all([consumer.stop(), relay.stop()]);
  expect([...statements.keys()]).toEqual(
    expect.arrayContaining([
      "inbox.lock-partitions",
      "inbox.load-key-states",
      "inbox.load-waiting",
      "inbox.load-released-now",
      "inbox.save-offsets",
      "inbox.insert-key-states",
      "inbox.update-key-states",
      "inbox.insert-waiting",
      "inbox.delete-waiting",
      "outbox.take",
    ]),
  );
  for (const [name, text] of statements) {
    const rows = await database.transaction(
      (tx) => tx.query<{ "QUERY PLAN": string }>({ text: `explain (generic_plan) ${text.replace(/--.*/, "")}` }),
      { keepPlans: true },
    );
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    expect(plan, `${name}\n${plan}`).not.toMatch(/Seq Scan|Hash Join|Merge Join/);
  }
});
