import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyServiceRights, ensureVendorAccess, loginOf, operatorOptions, serviceUsersFor } from "@crossline/cli";
import { queueTopic, topics } from "@crossline/contracts";
import { kafkajsConnection } from "@crossline/messaging";
import { type LockedKafka, checkKafkaAvailability, startKafka } from "@crossline/servers";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { programOf } from "./blocks.ts";
import { ensureDebianTools } from "./debian.ts";

const mustRun = process.env["CROSSLINE_REQUIRE_KAFKA"] === "1";
const availability = checkKafkaAvailability();
const debian = availability.ok || mustRun ? ensureDebianTools() : { reason: "Kafka cannot run here." };
if ("reason" in debian && !mustRun) process.stderr.write(`The programs of a vendor are not tested. ${debian.reason}\n`);

const [own, foreign] = [queueTopic("orchard", "wall"), queueTopic("basalt", "wall")];
const waitMs = 60_000;
const quiet = { clientId: "test", logLevel: logLevel.NOTHING, retry: { retries: 10 } };
const pythonWriter = `${programOf("Python").split("consumer =")[0]}
from kafka import KafkaProducer
producer = KafkaProducer(
    bootstrap_servers=os.environ["KAFKA_BROKERS"], security_protocol="SASL_PLAINTEXT", sasl_mechanism="SCRAM-SHA-512",
    sasl_plain_username=os.environ["KAFKA_USER"], sasl_plain_password=password, max_block_ms=5000)
producer.send(os.environ["TOPIC"], b"{}").get(30)
`;

/** The programs of docs/vendor-consumer.md, and for each client a program that writes. */
const clients = [
  {
    name: "kcat",
    command: ["sh"],
    reads: programOf("kcat"),
    writes: `${programOf("kcat").split("exec ")[0]}
echo '{}' | kcat -F kcat.conf -P -t "$TOPIC"`,
  },
  { name: "Python", command: ["python3", "-"], reads: programOf("Python"), writes: pythonWriter },
  { name: "Node", command: [process.execPath, "--input-type=module"], reads: programOf("Node"), writes: undefined },
] as const;

describe.skipIf(("reason" in debian || !availability.ok) && !mustRun)("the programs of a vendor", () => {
  const folder = mkdtempSync(join(tmpdir(), "crossline-desks-"));
  let kafka: LockedKafka;
  beforeAll(async () => {
    if ("reason" in debian) throw new Error(debian.reason);
    chmodSync(folder, 0o755);
    kafka = await startKafka({ name: "desks", users: serviceUsersFor(undefined), folder });
    await applyServiceRights(kafka);
    await ensureVendorAccess(kafka, "orchard");
    const admin = new Kafka({ ...kafkajsConnection(operatorOptions(kafka)), ...quiet }).admin();
    await admin.connect();
    const names = [own, foreign, topics.case];
    await admin.createTopics({ topics: names.map((topic) => ({ topic, numPartitions: 1 })), waitForLeaders: true });
    await admin.disconnect();
    const routing = { brokers: kafka.brokers, sasl: loginOf(kafka.users, "service.routing.1") };
    const producer = new Kafka({ ...kafkajsConnection(routing), ...quiet }).producer();
    await producer.connect();
    const headers = { ce_id: "1", ce_type: "queue.offered" };
    for (const topic of [own, foreign])
      await producer.send({ topic, messages: [{ key: "cs_1", value: '{"brief":1}', headers }] });
    await producer.disconnect();
  }, 240_000);
  afterAll(async () => {
    await kafka?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  type Run = { readonly topic: string; readonly group: string; readonly until: RegExp };

  /** Runs a program of a vendor until its output matches, and returns the output. */
  async function run([command = "", ...args]: readonly string[], program: string, wanted: Run): Promise<string> {
    const bin = "folder" in debian ? debian.folder : "";
    const variables = {
      KAFKA_BROKERS: kafka.brokers.join(","),
      KAFKA_USER: "vendor.orchard.1",
      KAFKA_PASSWORD_FILE: kafka.users.passwordFile("vendor.orchard.1"),
      TOPIC: wanted.topic,
      GROUP: wanted.group,
    };
    const env = { ...process.env, ...variables, PATH: `${bin}:${process.env["PATH"]}` };
    // Node finds kafkajs from this folder. The program of kcat writes its settings into the working folder.
    const cwd = command === process.execPath ? import.meta.dirname : folder;
    const child = spawn(command, args, { cwd, env, detached: true });
    let output = "";
    const { promise, resolve } = Promise.withResolvers<void>();
    const add = (chunk: Buffer): void => {
      output += chunk.toString();
      if (wanted.until.test(output)) resolve();
    };
    child.stdout.on("data", add);
    child.stderr.on("data", add);
    const closed = new Promise<void>((done) => void child.once("close", () => done()));
    const late = setTimeout(resolve, waitMs);
    child.stdin.end(program);
    await Promise.race([promise, closed]);
    clearTimeout(late);
    try {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    } catch {
      // The program has already ended.
    }
    await closed;
    return output;
  }

  /** Returns the number of records of each topic. */
  async function countRecords(): Promise<Record<string, string | undefined>> {
    const admin = new Kafka({ ...kafkajsConnection(operatorOptions(kafka)), ...quiet }).admin();
    await admin.connect();
    const counts = [own, topics.case].map(async (topic) => [topic, (await admin.fetchTopicOffsets(topic))[0]?.high]);
    const rows = await Promise.all(counts);
    await admin.disconnect();
    return Object.fromEntries(rows) as Record<string, string | undefined>;
  }

  // kafka-python does not show a refusal of a topic's metadata: it finds no such topic, and gives up.
  const refusedTopic =
    /topic ?authorization ?failed|not authorized to access topics|shows this user no topic|Failed to update metadata/i;
  const refusedGroup = /group ?authorization ?failed|not authorized to access group|Failed to find group coordinator/i;

  test.each(clients)("$name reads the queue of its vendor", async ({ command, reads, name }) => {
    const until = /queue\.offered cs_1 \{"brief":1\}/;
    // A new broker has no coordinator of groups for a moment.
    expect(await run(command, reads, { topic: own, group: `orchard.${name}`, until })).toMatch(until);
  });

  test.each(clients)("Kafka refuses $name the queue of another vendor, cases and a foreign group", async (client) => {
    const { command, reads, name } = client;
    const outputs = await Promise.all([
      run(command, reads, { topic: foreign, group: `orchard.${name}-1`, until: refusedTopic }),
      run(command, reads, { topic: topics.case, group: `orchard.${name}-2`, until: refusedTopic }),
      run(command, reads, { topic: own, group: "basalt.desk", until: refusedGroup }),
    ]);
    expect(outputs[0]).toMatch(refusedTopic);
    expect(outputs[1]).toMatch(refusedTopic);
    expect(outputs[2]).toMatch(refusedGroup);
    for (const output of outputs) expect(output).not.toContain("brief");
  });

  test.each(clients.filter(({ writes }) => writes !== undefined))("Kafka refuses a record of $name", async (client) => {
    const { command, writes = "" } = client;
    for (const topic of [own, topics.case])
      expect(await run(command, writes, { topic, group: "", until: refusedTopic })).toMatch(refusedTopic);
    expect(await countRecords()).toEqual({ [own]: "1", [topics.case]: "0" });
  });
});
