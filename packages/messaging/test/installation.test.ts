import { topics } from "@crossline/contracts";
import { checkInstallation, fromWire, kafkaBroker, memoryBroker, startRelay } from "@crossline/messaging";
import type { Broker } from "@crossline/messaging";
import { type Database, ForeignDataError } from "@crossline/postgres";
import { kafkaBrokers, uniquePrefix, waitFor } from "@crossline/testing";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { effectDatabase } from "./effects.ts";
import { silent } from "./readers.ts";

const brokers = await kafkaBrokers();
const kafka = kafkaBroker({ brokers: brokers ?? [], clientId: "installation", log: silent });
afterAll(() => kafka.close());

/** A broker with a party topic of its own for each test. */
async function freshKafka(): Promise<Broker> {
  const topic = `${uniquePrefix()}.party`;
  await kafka.ensureTopics([{ topic, partitions: 3, compacted: true }]);
  return {
    ...kafka,
    send: (records) => kafka.send(records.map((record) => ({ ...record, topic }))),
    readPartition: ({ partition }) => kafka.readPartition!({ topic, partition }),
  };
}

const closing: (() => Promise<void>)[] = [];
async function freshDatabase(): Promise<Database> {
  const { database, close } = await effectDatabase();
  closing.push(close);
  return database;
}
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const start = (database: Database, broker: Broker, isOwner: boolean) =>
  checkInstallation({ database, broker, isOwner });

/** Starts the owner and sends its outbox. */
async function startOwner(database: Database, broker: Broker): Promise<void> {
  await start(database, broker, true);
  const relay = startRelay({ database, broker, source: "/crossline/intake", log: silent });
  await waitFor(async () => (await database.query({ text: "select from outbox" })).length === 0);
  await relay.stop();
}

const idOf = async (database: Database) => {
  const [row] = await database.query<{ id: string }>({ text: "select id from installation" });
  return row?.id;
};
const recordsOf = async (broker: Broker) => {
  const ids: unknown[] = [];
  for await (const record of broker.readPartition!({ topic: topics.party, partition: 0 })) {
    const read = fromWire(record);
    if (read.ok && !read.skipped) ids.push(read.event.data);
  }
  return ids;
};
const party = { topic: topics.party, partition: 0, key: "northtel", headers: {}, value: "{}" };

describe.skipIf(brokers === undefined)("an installation on Kafka", () => {
  let database: Database;
  let other: Database;
  let broker: Broker;
  beforeEach(async () => {
    [database, other, broker] = await Promise.all([freshDatabase(), freshDatabase(), freshKafka()]);
  });

  test("the owner creates an id at its first start and publishes it once", async () => {
    await startOwner(database, broker);
    await broker.send([party]);
    await startOwner(database, broker);
    expect(await idOf(database)).toMatch(/^ins_/);
    expect(await recordsOf(broker)).toEqual([{ installation: await idOf(database) }]);
  });

  test("if two replicas of the owner start at the same time, they save one installation id", async () => {
    await Promise.all([start(database, broker, true), start(database, broker, true)]);
    await startOwner(database, broker);
    expect(new Set((await recordsOf(broker)).map((data) => JSON.stringify(data)))).toEqual(
      new Set([JSON.stringify({ installation: await idOf(database) })]),
    );
    await start(database, broker, true);
  });

  test("a service that starts before the owner takes the id at its next start", async () => {
    await start(other, broker, false);
    expect(await idOf(other)).toBeUndefined();
    await startOwner(database, broker);
    await start(other, broker, false);
    await start(other, broker, false);
    expect(await idOf(other)).toBe(await idOf(database));
  });

  test("the owner refuses a new PostgreSQL with an old Kafka, with or without an installation id", async () => {
    await startOwner(database, broker);
    const refusal = start(other, broker, true);
    await expect(refusal).rejects.toBeInstanceOf(ForeignDataError);
    await expect(refusal).rejects.toThrow(
      /^Kafka holds the records of another installation than this database: set .* with `npx -y pnpm crossline set-aside`\.$/,
    );
    const older = await freshKafka();
    await older.send([party]);
    await expect(start(other, older, true)).rejects.toBeInstanceOf(ForeignDataError);
    expect(await idOf(other)).toBeUndefined();
  });

  test("every service refuses the Kafka of another installation", async () => {
    await startOwner(database, broker);
    const elsewhere = await freshKafka();
    await startOwner(other, elsewhere);
    await expect(start(database, elsewhere, true)).rejects.toBeInstanceOf(ForeignDataError);
    await expect(start(other, broker, false)).rejects.toBeInstanceOf(ForeignDataError);
  });

  test("the owner accepts an old PostgreSQL with an empty Kafka, as after a restore, and publishes its id again", async () => {
    await startOwner(database, broker);
    await start(other, broker, false);
    const empty = await freshKafka();
    await start(other, empty, false);
    await startOwner(database, empty);
    expect(await recordsOf(empty)).toEqual([{ installation: await idOf(database) }]);
    await start(other, empty, false);
  });
});

test("with the in-process broker the check compares nothing", async () => {
  const database = await freshDatabase();
  await start(database, memoryBroker({ log: silent }), true);
  expect(await idOf(database)).toBeUndefined();
});
