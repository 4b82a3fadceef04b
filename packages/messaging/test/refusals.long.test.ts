import { readFileSync } from "node:fs";
import type { KafkaRight } from "@crossline/contracts";
import { managedKafka, createAuthority, uniquePrefix, waitFor } from "@crossline/testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type KafkaConnection, applyKafkaRights, kafkaBroker, KafkaRefusedError } from "../src/index.ts";
import { numbered, read, silent } from "./readers.ts";

const timer = "service.timer.1";
const cluster = await managedKafka([timer]);
const other = await createAuthority("another-authority");
afterAll(() => cluster?.remove());

const passwordOf = (user: string): string =>
  cluster === undefined ? "" : readFileSync(cluster.users.passwordFile(user), "utf8");
const user = (password = passwordOf(timer)) => ({ mechanism: "scram-sha-512", username: timer, password }) as const;
const ca = { ca: cluster?.authority.cert ?? "" };
type Listener = keyof NonNullable<typeof cluster>["addresses"];

function connect(listener: Listener, options: Omit<KafkaConnection, "brokers">) {
  const brokers = [cluster?.addresses[listener] ?? ""];
  const broker = kafkaBroker({ brokers, clientId: "refusals", log: silent, ...options });
  onTestFinished(() => broker.close());
  return broker;
}

const allow = (rights: readonly KafkaRight[]) => {
  const sasl = { mechanism: "scram-sha-512", username: "operator", password: passwordOf("operator") } as const;
  const operator = { brokers: [cluster?.addresses.locked ?? ""], clientId: "operator", log: silent, sasl };
  return applyKafkaRights(
    operator,
    rights.map((right) => ({ ...right, user: timer })),
    (each) => each === timer,
  );
};
const right = (resource: "topic" | "group", name: string, operation: KafkaRight["operation"]): KafkaRight => ({
  resource,
  name,
  match: "literal",
  operation,
});

describe.skipIf(cluster === undefined)("a refused connection gives one sentence that names the variable", () => {
  const client = cluster?.authority.sign({ name: "timer" });
  const at = (listener: Listener): string => cluster?.addresses[listener] ?? "";

  test.each<[string, Listener, () => Promise<Omit<KafkaConnection, "brokers">>, string]>([
    [
      "a wrong password",
      "tls",
      async () => ({ sasl: { ...user("wrong"), passwordVariable: "KAFKA_PASSWORD" }, ssl: ca }),
      `Kafka refuses the user ${timer} or its password: check KAFKA_USER and KAFKA_PASSWORD.`,
    ],
    [
      "a wrong password with another mechanism",
      "tls",
      async () => ({ sasl: { ...user(), mechanism: "scram-sha-256" }, ssl: ca }),
      "Kafka does not accept the mechanism scram-sha-256 at this port: check KAFKA_SASL_MECHANISM.",
    ],
    [
      "a user at a port without users",
      "anonymous",
      async () => ({ sasl: user(), ssl: ca }),
      "Kafka accepts no user at this port: check the port in KAFKA_BROKERS, or remove KAFKA_SASL_MECHANISM.",
    ],
    [
      "an expired certificate of Kafka",
      "expired",
      async () => ({ sasl: user(), ssl: ca }),
      `The certificate of Kafka at ${at("expired")} or of its authority in KAFKA_CA_FILE has expired.`,
    ],
    [
      "a certificate of another authority",
      "tls",
      async () => ({ sasl: user(), ssl: { ca: other.cert } }),
      `The certificate of Kafka at ${at("tls")} is not signed by the authority in KAFKA_CA_FILE.`,
    ],
    [
      "a self-made authority without KAFKA_CA_FILE",
      "tls",
      async () => ({ sasl: user(), ssl: {} }),
      `The certificate of Kafka at ${at("tls")} has an unknown authority: set KAFKA_CA_FILE to the certificate of the authority.`,
    ],
    [
      "another host name in the certificate",
      "renamed",
      async () => ({ sasl: user(), ssl: ca }),
      `The certificate of Kafka at ${at("renamed")} is not for localhost: set KAFKA_SERVER_NAME to a name in that certificate.`,
    ],
    [
      "a wrong server name",
      "tls",
      async () => ({ sasl: user(), ssl: { ...ca, servername: "kafka.example" } }),
      `The certificate of Kafka at ${at("tls")} is not for kafka.example: set KAFKA_SERVER_NAME to a name in that certificate.`,
    ],
    [
      "no client certificate",
      "mutual",
      async () => ({ sasl: user(), ssl: ca }),
      `Kafka at ${at("mutual")} requires a client certificate: set KAFKA_CERT_FILE and KAFKA_KEY_FILE.`,
    ],
    [
      "a client certificate of another authority",
      "mutual",
      async () => ({ sasl: user(), ssl: { ...ca, ...(await other.sign({ name: "timer" })) } }),
      `Kafka at ${at("mutual")} refuses the client certificate in KAFKA_CERT_FILE.`,
    ],
    [
      "an expired client certificate",
      "mutual",
      async () => ({
        sasl: user(),
        ssl: { ...ca, ...(await cluster?.authority.sign({ name: "timer", expired: true })) },
      }),
      "The client certificate in KAFKA_CERT_FILE has expired.",
    ],
    [
      "a private key of another certificate",
      "mutual",
      async () => ({
        sasl: user(),
        ssl: { ...ca, ...(await client), key: (await other.sign({ name: "timer" })).key },
      }),
      "The private key in KAFKA_KEY_FILE does not belong to the certificate in KAFKA_CERT_FILE.",
    ],
  ])("%s", async (_, listener, options, sentence) => {
    const broker = connect(listener, await options());
    const refusal = await broker.endOffsets(["any"]).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(KafkaRefusedError);
    expect((refusal as Error).message).toBe(sentence);
    expect(broker.refusal?.()).toBe(sentence);
  });

  test.each<[Listener, Omit<KafkaConnection, "brokers">, string]>([
    ["tls", { sasl: user() }, "KAFKA_TLS"],
    ["tls", { ssl: ca }, "KAFKA_SASL_MECHANISM"],
    ["anonymous", {}, "KAFKA_TLS and KAFKA_SASL_MECHANISM"],
    ["locked", { sasl: user(), ssl: ca }, "KAFKA_TLS"],
    ["locked", {}, "KAFKA_TLS and KAFKA_SASL_MECHANISM"],
  ])(
    "%s with the wrong protocol, after half a minute",
    { timeout: 60_000, concurrent: true },
    async (listener, options, variables) => {
      const brokers = [at(listener)];
      const broker = kafkaBroker({ brokers, clientId: "refusals", log: silent, ...options });
      const refusal = await broker
        .ensureTopics([{ topic: "any", partitions: 1, compacted: false }])
        .catch((error) => error);
      await broker.close();
      const sentence = `Kafka at ${at(listener)} closes each connection: check the port in KAFKA_BROKERS, and ${variables}.`;
      expect((refusal as Error).message).toBe(sentence);
      expect(refusal).not.toBeInstanceOf(KafkaRefusedError);
    },
  );
});

describe.skipIf(cluster === undefined)("a missing right gives one sentence that names the right", () => {
  const topic = uniquePrefix();
  const all = [
    right("topic", topic, "create"),
    right("topic", topic, "write"),
    right("topic", topic, "read"),
    right("topic", topic, "alter_configs"),
    right("group", topic, "read"),
  ];
  const specs = [{ topic, partitions: 1, compacted: false }];
  const messageOf = (error: unknown): string => (error as Error).message;
  const without = (operation: KafkaRight["operation"], resource = "topic") =>
    allow(all.filter((each) => each.operation !== operation || each.resource !== resource));
  /** Waits until the broker applies the rights, which happens a moment after the change. */
  const refused = async (request: () => Promise<unknown>): Promise<string> => {
    let message: string | undefined;
    await waitFor(async () => (message = await request().then(() => undefined, messageOf)) !== undefined);
    return message ?? "";
  };

  beforeAll(async () => {
    if (cluster === undefined) return;
    await allow(all);
    const broker = kafkaBroker({
      brokers: [cluster.addresses.tls],
      clientId: "first",
      log: silent,
      sasl: user(),
      ssl: ca,
    });
    await broker.ensureTopics(specs);
    await broker.close();
  });

  test("WRITE and READ on a topic, and READ on two topics", async () => {
    const broker = connect("tls", { sasl: user(), ssl: ca });
    await without("write");
    const send = () => broker.send(numbered(topic, ["ann"], 1));
    expect(await refused(send)).toBe(`Kafka refuses ${timer} the right WRITE on the topic ${topic}.`);
    await allow(all);
    await waitFor(() =>
      send().then(
        () => true,
        () => false,
      ),
    );
    expect(broker.refusal?.()).toBeUndefined();
    await without("read");
    const readAll = async () => {
      for await (const record of broker.readPartition?.({ topic, partition: 0 }) ?? [])
        expect(record.topic).toBe(topic);
    };
    expect(await refused(readAll)).toBe(`Kafka refuses ${timer} the right READ on the topic ${topic}.`);
    await allow([]);
    const ends = () => broker.endOffsets([topic, `${topic}.other`]);
    await waitFor(async () => (await refused(ends)).includes("topics"));
    expect(await refused(ends)).toBe(`Kafka refuses ${timer} the right READ on the topics ${topic}, ${topic}.other.`);
  });

  test(
    "a member of a group that loses a right waits, and continues when the right returns",
    { timeout: 120_000 },
    async () => {
      await allow(all);
      const broker = connect("tls", { sasl: user(), ssl: ca });
      const reader = await read(broker, { group: topic, topics: [topic] });
      const writer = connect("tls", { sasl: user(), ssl: ca });
      await writer.send(numbered(topic, ["bea"], 1));
      await waitFor(() => reader.values().includes("bea:1"), { timeoutMs: 60_000 });
      await without("read");
      await waitFor(() => broker.refusal?.() === `Kafka refuses ${timer} the right READ on the topic ${topic}.`, {
        timeoutMs: 60_000,
      });
      await without("read", "group");
      await waitFor(() => broker.refusal?.() === `Kafka refuses ${timer} the right READ on the group ${topic}.`, {
        timeoutMs: 60_000,
      });
      await allow(all);
      await writer.send(numbered(topic, ["cid"], 1));
      await waitFor(() => reader.values().includes("cid:1"), { timeoutMs: 60_000 });
      expect(broker.refusal?.()).toBeUndefined();
    },
  );

  test("a new password takes effect at the next connection", { timeout: 120_000 }, async () => {
    await allow(all);
    const rotating = { ...user() };
    const broker = connect("tls", { sasl: rotating, ssl: ca });
    await broker.endOffsets([topic]);
    await cluster?.users.renew(timer);
    await cluster?.stop();
    await cluster?.start();
    const sentence = `Kafka refuses the user ${timer} or its password: check KAFKA_USER and KAFKA_PASSWORD_FILE.`;
    await waitFor(async () => (await refused(() => broker.endOffsets([topic]))) === sentence, { timeoutMs: 60_000 });
    rotating.password = passwordOf(timer);
    await waitFor(
      () =>
        broker.endOffsets([topic]).then(
          () => true,
          () => false,
        ),
      { timeoutMs: 60_000 },
    );
    expect(broker.refusal?.()).toBeUndefined();
  });
});
