import { applyServiceRights, ensureVendorAccess, loginOf } from "@crossline/cli";
import { kafkaOperator, kafkaUsersOf, queuePrefix } from "@crossline/contracts";
import { type Broker, kafkaBroker, serviceOwners } from "@crossline/messaging";
import { createLogger } from "@crossline/service";
import { privateLockedKafka, waitFor } from "@crossline/testing";
import kafkajs from "kafkajs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cast, createCast } from "./isolation/cast.ts";
import { type Ground, openGround } from "./isolation/ground.ts";
import { type TestIssuer, openIssuer } from "./issuer.ts";

/*
 * The topics of the isolation walk on a locked Kafka. Each vendor's own user tries to read every topic that the broker lists, so the test
 * covers a topic that is added later.
 */

const kafka = await privateLockedKafka(serviceOwners.map((owner) => kafkaUsersOf(owner)[0]));

describe.skipIf(kafka === undefined)("a vendor's Kafka user", () => {
  let ground: Ground;
  let issuer: TestIssuer;
  let cast: Cast;
  const brokers: Broker[] = [];
  beforeAll(async () => {
    if (kafka === undefined) return;
    await applyServiceRights(kafka);
    ground = await openGround(kafka);
    issuer = await openIssuer(ground.stage, {}, []);
    cast = await createCast(ground, issuer.url);
  }, 600_000);
  afterAll(async () => {
    await Promise.all(brokers.map((broker) => broker.close()));
    await issuer?.close();
    await ground?.close();
    await kafka?.remove();
  });

  /** Lists all topics as the operator. */
  async function listTopics(): Promise<readonly string[]> {
    if (kafka === undefined) throw new Error("there is no Kafka");
    const sasl = loginOf(kafka.users, kafkaOperator);
    const client = new kafkajs.Kafka({
      brokers: [...kafka.brokers],
      sasl: { mechanism: "scram-sha-512", username: sasl.username, password: sasl.password },
      logLevel: kafkajs.logLevel.NOTHING,
    });
    const admin = client.admin();
    await admin.connect();
    try {
      return (await admin.listTopics()).filter((topic) => !topic.startsWith("__"));
    } finally {
      await admin.disconnect();
    }
  }

  /** Reads a whole topic. Returns undefined if Kafka refuses. */
  async function readTopic(broker: Broker, topic: string): Promise<string | undefined> {
    const texts: string[] = [];
    try {
      for (const partition of [0, 1, 2])
        for await (const record of broker.readPartition?.({ topic, partition }) ?? [])
          texts.push(JSON.stringify(record));
      return texts.join("\n");
    } catch {
      return undefined;
    }
  }

  test("reads its own queue topics, and no other topic", async () => {
    if (kafka === undefined) throw new Error("there is no Kafka");
    const { markers } = ground;
    for (const vendor of cast.all.filter(({ isCarrier }) => !isCarrier)) {
      const access = await ensureVendorAccess(kafka, vendor.party);
      const log = createLogger("isolation", "silent");
      const broker = kafkaBroker({ ...access, clientId: "isolation-walk", log });
      brokers.push(broker);
      const own = `${queuePrefix}${vendor.party}.v1`;
      // Kafka applies a new password and new rights a moment later.
      await waitFor(async () => ((await readTopic(broker, own)) ?? "") !== "", { timeoutMs: 60_000 });
      const topics = await listTopics();
      expect(topics.length).toBeGreaterThan(10);
      const readable = new Map<string, string>();
      for (const topic of topics) {
        const text = await readTopic(broker, topic);
        if (text !== undefined) readable.set(topic, text);
      }
      const read = [...readable.values()].join("\n");
      const leaks = markers.foreignIn(read, vendor.party).map((what) => `${vendor.party} reads ${what} on a topic`);
      const foreign = [...readable.keys()].filter((topic) => !topic.startsWith(`${queuePrefix}${vendor.party}.`));
      expect({ leaks, foreign }).toEqual({ leaks: [], foreign: [] });
      expect(markers.ownIn(read, vendor.party)).toContain("title");
    }
  }, 600_000);
});
