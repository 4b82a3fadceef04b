import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kafkaUsersOf, queueTopic, topicAccess, topics, vendorGroupPrefix } from "@crossline/contracts";
import {
  type KafkaConnection,
  applyKafkaRights,
  compareKafkaRights,
  isServiceUser,
  rightsOf,
  serviceOwners,
} from "@crossline/messaging";
import { publicDefault } from "@crossline/service";
import {
  type KafkaUsers,
  type LockedKafka,
  checkKafkaAvailability,
  startKafka,
  startOpenKafka,
} from "@crossline/servers";
// oxlint-disable-next-line no-restricted-imports -- this test plays outsiders, with the rights of each user
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { applyServiceRights, ensureVendorAccess, loginOf, operatorOptions } from "../src/own-kafka.ts";
import { outsider, readAs, writeAs } from "./kafka-outsider.ts";

const name = "test";
const availability = checkKafkaAvailability();

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "crossline-kafka-"));
  chmodSync(folder, 0o755);
  return folder;
}

function testFolder(): string {
  const folder = makeFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe.skipIf(!availability.ok)("a locked Kafka", () => {
  test("a client of a locked Kafka needs its own password; each folder has other passwords, which only their owner reads", async () => {
    const [one, two] = [testFolder(), testFolder()];
    const kafka = await startKafka({ name, users: ["service.timer.1"], folder: one });
    onTestFinished(() => kafka.stop());
    const other = await startKafka({ name, users: ["service.timer.1"], folder: two });
    onTestFinished(() => other.stop());
    const password = (users: KafkaUsers, user: string) => readFileSync(users.passwordFile(user), "utf8");
    const connect = (sasl?: { username: string; password: string }) => topicsOf(kafka.brokers, sasl);
    const own = { username: "service.timer.1", password: password(kafka.users, "service.timer.1") };
    expect(await connect(own)).toEqual([]);
    expect(await connect({ username: "operator", password: password(kafka.users, "operator") })).toEqual([]);
    await expect(connect({ ...own, password: password(other.users, own.username) })).rejects.toThrow(/authentication/i);
    await expect(connect()).rejects.toThrow(/closed connection|ECONNRESET|socket/i);
    for (const user of kafka.users.names()) expect(statSync(kafka.users.passwordFile(user)).mode & 0o777).toBe(0o600);
    await kafka.users.renew(own.username);
    await expect(connect(own)).rejects.toThrow(/authentication/i);
    expect(await connect({ ...own, password: password(kafka.users, own.username) })).toEqual([]);
    await kafka.users.end(own.username);
    await expect(connect({ ...own, password: "any" })).rejects.toThrow(/authentication/i);
  });

  test("a locked start refuses data from before the users, and adds a user that is missing", async () => {
    const folder = testFolder();
    const open = await startOpenKafka({ name, folder });
    await open.stop();
    await expect(startKafka({ name, users: [], folder })).rejects.toThrow(
      /was made before Kafka had users: `npx -y pnpm crossline set-aside --yes`/,
    );
    const first = await startKafka({ name: "locked", users: [], folder });
    await first.stop();
    const second = await startKafka({ name: "locked", users: ["service.timer.1"], folder });
    onTestFinished(() => second.stop());
    const password = readFileSync(second.users.passwordFile("service.timer.1"), "utf8");
    expect(await topicsOf(second.brokers, { username: "service.timer.1", password })).toEqual([]);
  });
});

describe.skipIf(!availability.ok)("the rights of services and vendors", () => {
  const folder = makeFolder();
  let kafka: LockedKafka;
  let orchard: string;
  beforeAll(async () => {
    const users = serviceOwners.map((owner) => kafkaUsersOf(owner)[0]);
    kafka = await startKafka({ name, users, folder });
    await applyServiceRights(kafka);
    const admin = client("operator").admin();
    await admin.connect();
    const names = [...Object.values(topics), ...["orchard", "basalt"].map((vendor) => queueTopic(vendor, "wall"))];
    await admin.createTopics({ topics: names.map((topic) => ({ topic, numPartitions: 1 })), waitForLeaders: true });
    await admin.disconnect();
    orchard = (await ensureVendorAccess(kafka, "orchard")).sasl?.username ?? "";
  }, 120_000);
  afterAll(async () => {
    await kafka?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const connectionOf = (user: string): KafkaConnection => ({
    brokers: kafka.brokers,
    sasl: loginOf(kafka.users, user),
  });
  const client = (user: string) => outsider(connectionOf(user));
  const write = (user: string, topic: string) => writeAs(connectionOf(user), topic);
  const read = (user: string, topic: string, group: string) => readAs(connectionOf(user), topic, group);

  test("a service writes only the topics that it owns", async () => {
    const written = [
      topics.case,
      topics.party,
      topics.handoff,
      topics.clock,
      topics.audit,
      queueTopic("orchard", "wall"),
    ];
    const refused = "no right to the topic";
    const outcomes = await Promise.all(
      (["timer", "routing", "insight"] as const).map(async (service) => {
        const results = await Promise.all(
          written.map(async (topic) => [topic, await write(`service.${service}.1`, topic)]),
        );
        expect(results.map(([, outcome]) => outcome)).toEqual(
          results.map(([, outcome]) => (outcome === "ok" ? "ok" : refused)),
        );
        return [service, results.filter(([, outcome]) => outcome === "ok").map(([topic]) => topic)];
      }),
    );
    expect(Object.fromEntries(outcomes)).toEqual({
      timer: [topics.clock],
      routing: [topics.handoff, queueTopic("orchard", "wall")],
      insight: [],
    });
  });

  test("a service reads only the topics that it reads, in its own group", async () => {
    for (const topic of [topics.case, topics.clock])
      expect(await write(`service.${topic === topics.case ? "intake" : "timer"}.1`, topic)).toBe("ok");
    expect(topicAccess.insight.reads).not.toContain(topics.clock);
    await expect.poll(() => read("service.insight.1", topics.case, "insight"), { timeout: 30_000 }).toBe("ok");
    expect(await read("service.insight.1", topics.clock, "insight")).toBe("no right to the topic");
    expect(await read("service.insight.1", topics.case, "timer")).toBe("no right to the group");
  });

  test("a vendor reads its own queue in its own groups, and Kafka refuses it everything else", async () => {
    for (const vendor of ["orchard", "basalt"])
      expect(await write("service.routing.1", queueTopic(vendor, "wall"))).toBe("ok");
    const group = `${vendorGroupPrefix("orchard")}desk`;
    const username = orchard;
    await expect.poll(() => read(username, queueTopic("orchard", "wall"), group), { timeout: 30_000 }).toBe("ok");
    expect(await read(username, queueTopic("basalt", "wall"), group)).toBe("no right to the topic");
    expect(await read(username, topics.case, group)).toBe("no right to the topic");
    expect(await read(username, queueTopic("orchard", "wall"), "basalt.desk")).toBe("no right to the group");
    for (const topic of [queueTopic("orchard", "wall"), topics.case, topics.handoff, topics.party])
      expect(await write(username, topic)).toBe("no right to the topic");
    const admin = client(username).admin();
    await admin.connect();
    expect(await admin.listTopics()).toEqual([queueTopic("orchard", "wall")]);
    await expect(admin.deleteTopics({ topics: [queueTopic("orchard", "wall")] })).rejects.toThrow(/authorized/i);
    await expect(admin.createTopics({ topics: [{ topic: "crossline.forged.v1" }] })).rejects.toThrow(
      "Topic creation errors",
    );
    expect(await admin.listTopics()).toHaveLength(1);
    await admin.disconnect();
  });

  test("a second run of the rights changes nothing, and removes a right that a service should not have", async () => {
    const none = { missing: [], surplus: [] };
    expect(await compareKafkaRights(operatorOptions(kafka), rightsOf(serviceOwners), isServiceUser)).toEqual(none);
    const tooWide = { user: "service.timer.1", resource: "topic", name: topics.case, match: "literal" } as const;
    const wider = [...rightsOf(serviceOwners), { ...tooWide, operation: "write" } as const];
    await applyKafkaRights(operatorOptions(kafka), wider, isServiceUser);
    expect(await write("service.timer.1", topics.case)).toBe("ok");
    const found = await compareKafkaRights(operatorOptions(kafka), rightsOf(serviceOwners), isServiceUser);
    expect(found).toEqual({
      missing: [],
      surplus: [{ user: "service.timer.1", text: "allow write on the topic crossline.case.v1 (literal)" }],
    });
    await applyServiceRights(kafka);
    expect(await write("service.timer.1", topics.case)).toBe("no right to the topic");
  });

  test("the program of compose gives the services their rights, and names a wrong password with its variable", async () => {
    const { password } = loginOf(kafka.users, "operator");
    await applyKafkaRights(operatorOptions(kafka), [], isServiceUser);
    expect(await write("service.timer.1", topics.clock)).toBe("no right to the topic");
    expect(runRights(kafka.brokers, password)).toMatchObject({ status: 0, stderr: "" });
    expect(await write("service.timer.1", topics.clock)).toBe("ok");
    expect(runRights(kafka.brokers, "wrong")).toMatchObject({
      status: 78,
      stderr: "Kafka refuses the user operator or its password: check KAFKA_USER and KAFKA_PASSWORD.\n",
    });
    const { status, stderr } = runRights(kafka.brokers, publicDefault);
    expect([status, stderr]).toEqual([78, expect.stringMatching(/^KAFKA_PASSWORD contains a public default .*\n$/)]);
  }, 120_000);
});

/** Runs the program of the container `kafka-rights` in docker-compose.yml with the login of the operator. */
function runRights(brokers: readonly string[], password: string) {
  const program = join(import.meta.dirname, "../../chassis/src/kafka-rights.ts");
  const env = { KAFKA_BROKERS: brokers.join(","), KAFKA_SASL_MECHANISM: "scram-sha-512", KAFKA_USER: "operator" };
  const login = { PATH: process.env["PATH"], ...env, KAFKA_PASSWORD: password };
  return spawnSync(process.execPath, [program], { env: login, encoding: "utf8" });
}

/** Returns the topics that a client sees. */
async function topicsOf(brokers: string[], sasl?: { username: string; password: string }): Promise<string[]> {
  const login = sasl && { sasl: { mechanism: "scram-sha-512" as const, ...sasl } };
  const retry = { retries: 0 };
  const admin = new Kafka({ clientId: "test", brokers, logLevel: logLevel.NOTHING, retry, ...login }).admin();
  try {
    await admin.connect();
    return await admin.listTopics();
  } finally {
    await admin.disconnect();
  }
}
