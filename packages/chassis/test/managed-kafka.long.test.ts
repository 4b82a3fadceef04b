import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type KafkaRight, kafkaRightsOf, topics } from "@crossline/contracts";
import { type KafkaConnection, applyKafkaRights } from "@crossline/messaging";
import { connect } from "@crossline/postgres";
import { type FreshDatabase, freshDatabase, managedKafka, waitFor } from "@crossline/testing";
import { type TestContext, afterAll, beforeAll, describe, expect, test } from "vitest";

const main = resolve(import.meta.dirname, "../../../services/timer/src/main.ts");
const [timer, refused, unread, stranger] = ["service.timer.1", "refused", "unread", "stranger"];
const cluster = await managedKafka([timer, refused, unread, stranger]);
const folder = mkdtempSync(join(tmpdir(), "crossline-managed-kafka-"));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await cluster?.remove();
});

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const own = kafkaRightsOf({ kind: "service", name: "timer" });
const readsCases = ({ name, operation }: KafkaRight): boolean => name === topics.case && operation === "read";

async function allow(user: string, rights: readonly KafkaRight[]): Promise<void> {
  const password = readFileSync(cluster?.users.passwordFile("operator") ?? "", "utf8");
  const sasl: KafkaConnection["sasl"] = { mechanism: "scram-sha-512", username: "operator", password };
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const operator = { brokers: [cluster?.addresses.locked ?? ""], clientId: "operator", log, sasl };
  await applyKafkaRights(
    operator,
    rights.map((right) => ({ ...right, user })),
    (each) => each === user,
  );
}

/** The variables of a service that uses every part of TLS: an authority, a client certificate and a server name. */
async function variablesOf(user: string): Promise<Record<string, string>> {
  const client = await cluster?.authority.sign({ name: "timer" });
  return {
    KAFKA_BROKERS: cluster?.addresses.renamed ?? "",
    KAFKA_SASL_MECHANISM: "scram-sha-512",
    KAFKA_USER: user,
    KAFKA_PASSWORD_FILE: cluster?.users.passwordFile(user) ?? "",
    KAFKA_TLS: "on",
    KAFKA_CA_FILE: file("ca.pem", cluster?.authority.cert ?? ""),
    KAFKA_CERT_FILE: file(`${user}.pem`, client?.cert ?? ""),
    KAFKA_KEY_FILE: file(`${user}.key`, client?.key ?? ""),
    KAFKA_SERVER_NAME: "kafka.example",
  };
}

/** Starts the timer as its own process with a database of its own. */
async function startTimer(kafka: Record<string, string>, { onTestFinished }: Pick<TestContext, "onTestFinished">) {
  const database: FreshDatabase = await freshDatabase("timer");
  const env = {
    ...kafka,
    DATABASE_URL: database.options("timer").url,
    PORT: "0",
    INTERNAL_KEY: "internal-key-of-these-tests",
    PARTITIONS: "1",
  };
  const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "pipe"] });
  const output = { log: "", refusal: "" };
  child.stdout.on("data", (chunk: Buffer) => (output.log += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output.refusal += chunk.toString()));
  const exit = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exit;
    await database.drop();
  });
  const get = async (path: string) => {
    const url = /"url":"([^"]+)"/.exec(output.log)?.[1];
    const response = await fetch(`${url}${path}`);
    return { status: response.status, text: await response.text() };
  };
  const isReady = () =>
    get("/health/ready").then(
      ({ status }) => status === 200,
      () => false,
    );
  return { child, database, output, exit, get, isReady };
}

describe.skipIf(cluster === undefined)("a service of a managed Kafka", () => {
  beforeAll(async () => {
    if (cluster === undefined) return;
    await allow(timer, own);
    await allow(refused, own);
    await allow(
      unread,
      own.filter((right) => !readsCases(right)),
    );
    await allow(
      stranger,
      own.filter(({ resource }) => resource !== "group"),
    );
  });

  test(
    "runs with a user, an authority, a client certificate and a server name",
    { timeout: 120_000 },
    async (context) => {
      const { child, database, output, exit, get, isReady } = await startTimer(await variablesOf(timer), context);
      await waitFor(isReady, { timeoutMs: 60_000 });

      await allow(
        timer,
        own.filter((right) => !readsCases(right)),
      );
      const lost = `Kafka refuses ${timer} the right READ on the topic ${topics.case}.`;
      await waitFor(async () => (await get("/health/ready")).text.includes(lost), { timeoutMs: 30_000 });
      expect((await get("/health/ready")).status).toBe(503);
      expect((await get("/health/live")).status).toBe(200);
      await waitFor(async () => output.log.includes(lost), { timeoutMs: 5_000 });
      await allow(timer, own);
      await waitFor(isReady, { timeoutMs: 30_000 });

      await allow(
        timer,
        own.filter(({ name, operation }) => name !== topics.clock || operation !== "write"),
      );
      const schema = connect(database.options("timer"));
      context.onTestFinished(() => schema.close());
      const rows = (text: string) => schema.query({ text });
      await rows(`insert into outbox (topic, key, headers, body) values ('${topics.clock}', 'cs_none', '{}', '{}')`);
      const unsent = `Kafka refuses ${timer} the right WRITE on the topic ${topics.clock}.`;
      await waitFor(async () => (await get("/health/ready")).text.includes(unsent), { timeoutMs: 30_000 });
      await waitFor(async () => output.log.includes(unsent), { timeoutMs: 5_000 });
      expect(await rows("select key from outbox")).toEqual([{ key: "cs_none" }]);
      await allow(timer, own);
      await waitFor(async () => (await rows("select key from outbox")).length === 0, { timeoutMs: 30_000 });
      await waitFor(isReady, { timeoutMs: 30_000 });

      const password = readFileSync(cluster?.users.passwordFile(timer) ?? "", "utf8");
      const shown = [output.log, output.refusal, (await get("/version")).text, (await get("/metrics")).text].join();
      expect(shown).not.toContain(password);
      expect(output.log).not.toContain("without a user");
      child.kill("SIGTERM");
      expect(await exit).toEqual([0, null]);
    },
  );

  test.concurrent.for<[string, () => Promise<Record<string, string>>, string]>([
    [
      "a wrong password",
      async () => ({ ...(await variablesOf(refused)), KAFKA_PASSWORD_FILE: file("wrong", "not-the-password") }),
      `Kafka refuses the user ${refused} or its password: check KAFKA_USER and KAFKA_PASSWORD_FILE.`,
    ],
    [
      "a missing right on a topic",
      () => variablesOf(unread),
      `Kafka refuses ${unread} the right DESCRIBE on the topic ${topics.case}.`,
    ],
    [
      "a missing right on its group",
      () => variablesOf(stranger),
      `Kafka refuses ${stranger} the right READ on the group timer.`,
    ],
    [
      "an expired client certificate",
      async () => {
        const old = await cluster?.authority.sign({ name: "timer", expired: true });
        const files = {
          KAFKA_CERT_FILE: file("old.pem", old?.cert ?? ""),
          KAFKA_KEY_FILE: file("old.key", old?.key ?? ""),
        };
        return { ...(await variablesOf(refused)), ...files };
      },
      "The client certificate in KAFKA_CERT_FILE has expired.",
    ],
  ])(
    "ends with exit code 78 and one sentence for %s",
    { timeout: 120_000 },
    async ([, variables, sentence], { onTestFinished }) => {
      const { output, exit } = await startTimer(await variables(), { onTestFinished });
      expect(await exit).toEqual([78, null]);
      expect(output.refusal).toBe(`${sentence}\n`);
    },
  );
});
