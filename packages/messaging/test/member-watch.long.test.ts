import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Consumer, kafkaBroker, startConsumer, toWire } from "@crossline/messaging";
import { connect, type Database } from "@crossline/postgres";
import { freshDatabase, kafkaBrokers, uniquePrefix, waitFor } from "@crossline/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { applyEffects, createEffects, effects, message, recordingLog } from "./effects.ts";
import { silent } from "./readers.ts";

const brokers = await kafkaBrokers();
const schema = "member_watch";
const partitions = 3;
const fixture = fileURLToPath(new URL("fixtures/member.ts", import.meta.url));

describe.skipIf(brokers === undefined)("members of a group, over Kafka", () => {
  const broker = kafkaBroker({ brokers: brokers ?? [], clientId: "member-watch-test", log: silent });
  let fresh: Awaited<ReturnType<typeof freshDatabase>>;
  let database: Database;
  let topic: string;
  let consumers: Consumer[];
  let children: ChildProcess[];
  let log: ReturnType<typeof recordingLog>;

  beforeEach(async () => {
    fresh = await freshDatabase(schema);
    database = connect(fresh.options(schema));
    await createEffects(database);
    topic = uniquePrefix();
    await broker.ensureTopics([{ topic, partitions, compacted: false }]);
    [consumers, children] = [[], []];
    log = recordingLog();
  });

  afterEach(async () => {
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    await database.close();
    await fresh.drop();
  });

  /** Kafka alone would wait a minute for a silent member. */
  async function start(): Promise<Consumer> {
    const consumer = await startConsumer({
      database,
      broker,
      group: topic,
      topics: [topic],
      apply: applyEffects,
      log,
      sessionTimeoutMs: 60_000,
    });
    consumers.push(consumer);
    return consumer;
  }

  async function startProcess(): Promise<ChildProcess> {
    const child = fork(fixture, [fresh.url, schema, (brokers ?? []).join(","), topic]);
    children.push(child);
    await once(child, "message");
    return child;
  }

  const owns = (consumer: Consumer, count: number) => waitFor(() => consumer.owned().length === count);
  const entered = () => database.query<{ id: string }>({ text: "select member_id as id from group_member" });
  const removals = () => log.lines.filter(({ message: text }) => text.startsWith("a member whose process has ended"));

  test("a process that starts after a kill -9 does not wait for the session timeout of the killed process", async () => {
    const killed = await startProcess();
    await waitFor(async () => (await entered()).length === 1);
    killed.kill("SIGKILL");
    await owns(await start(), partitions);
    await waitFor(() => removals().length > 0); // The log message comes after the removal.
    expect(removals()).toHaveLength(1);
    await waitFor(async () => (await entered()).length === 1);
  });

  test("another replica takes over the partitions of a killed replica", async () => {
    const peer = await start();
    await owns(peer, partitions);
    const killed = await startProcess();
    await waitFor(async () => peer.owned().length < partitions && (await entered()).length === 2);
    killed.kill("SIGKILL");
    await owns(peer, partitions);
    await waitFor(() => removals().length > 0);
    expect(removals()).toHaveLength(1);
  });

  test("the watch removes no running member, even after a short loss of the locks, and deletes a member that leaves", async () => {
    const [first, second] = [await start(), await start()];
    await waitFor(
      () => first.owned().length + second.owned().length === partitions && first.owned().length < partitions,
    );
    await waitFor(async () => (await entered()).length === 2);
    const lost = await database.query({
      text: `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
        and classid = hashtext('crossline.member')::oid and database = (select oid from pg_database where datname = current_database())`,
    });
    expect(lost).toHaveLength(2);
    await waitFor(async () => (await held()) === 2);
    expect(removals()).toEqual([]);
    await second.stop();
    await owns(first, partitions);
    expect(await entered()).toHaveLength(1);
  });

  test("a member that was removed by mistake rejoins and loses nothing", async () => {
    const consumer = await start();
    await owns(consumer, partitions);
    await waitFor(async () => (await entered()).length === 1);
    const [member] = await entered();
    await broker.removeMember?.(topic, member?.id ?? "");
    await broker.removeMember?.(topic, member?.id ?? ""); // the member has left already
    await broker.send([toWire(message(topic, "a", 1), "")]);
    await waitFor(async () => (await effects(database)).length === 1, { timeoutMs: 20_000 });
    await waitFor(async () => (await entered()).every(({ id }) => id !== member?.id));
    expect(await entered()).toHaveLength(1);
    expect(await effects(database)).toEqual([`${topic}/a/1`]);
  });

  async function held(): Promise<number> {
    const rows = await database.query({
      text: `select from pg_locks where locktype = 'advisory' and granted and objsubid = 2
        and classid = hashtext('crossline.member')::oid and database = (select oid from pg_database where datname = current_database())`,
    });
    return rows.length;
  }
});
