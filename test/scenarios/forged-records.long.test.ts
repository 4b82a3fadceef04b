import { hashKey } from "@crossline/access";
import { applyServiceRights, createClient, ensureVendorAccess, loginOf } from "@crossline/cli";
import { type EventType, type Message, kafkaUsersOf, topics } from "@crossline/contracts";
import { type KafkaConnection, kafkaBroker, serviceOwners, toWire } from "@crossline/messaging";
import { createLogger } from "@crossline/service";
import { privateLockedKafka, waitFor } from "@crossline/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCalmCase, waitForClock } from "./calm-case.ts";
import { type Stage, openStage } from "./stage.ts";

/*
 * Three forged records had an effect on an open Kafka. The tests send each of them to a locked Kafka as a vendor, as another service, and without a
 * user. Kafka refuses each record, and the case stays as it was.
 */

const kafka = await privateLockedKafka(serviceOwners.map((owner) => kafkaUsersOf(owner)[0]));
const log = createLogger("forger", "silent");

type Sender = readonly [name: string, sasl: () => KafkaConnection["sasl"], refusal: RegExp];

const noRight = /^Kafka refuses .+ the right WRITE on the topic crossline\./;

describe.skipIf(kafka === undefined)("a forged record", () => {
  let stage: Stage;
  let northtel: Awaited<ReturnType<Stage["party"]>>;
  let mallory: typeof northtel;
  let caseId: string;
  let clock: string;
  let vendorLogin: KafkaConnection["sasl"];
  beforeAll(async () => {
    if (kafka === undefined) return;
    await applyServiceRights(kafka);
    stage = await openStage({ locked: kafka });
    const calm = await openCalmCase(stage, "stall.idle");
    ({ carrier: northtel, id: caseId } = calm);
    clock = await waitForClock(calm);
    mallory = await stage.party("mallory", "vendor");
    ({ sasl: vendorLogin } = await ensureVendorAccess(kafka, mallory.party));
  }, 180_000);
  afterAll(async () => {
    await stage?.close();
    await kafka?.remove();
  });

  const users = (): NonNullable<typeof kafka>["users"] => {
    if (kafka === undefined) throw new Error("there is no Kafka");
    return kafka.users;
  };
  const senders: readonly Sender[] = [
    ["a vendor's user", () => vendorLogin, noRight],
    ["another service's user", () => loginOf(users(), "service.insight.1"), noRight],
    ["no user", () => undefined, /^Kafka has not accepted all records$/], // Kafka closes the connection.
  ];

  /** Sends a record with these credentials. Resolves to "stored", or to the text of the refusal. */
  async function send(message: Message, sasl: KafkaConnection["sasl"]): Promise<string> {
    const options = { brokers: kafka?.brokers ?? [], clientId: "forger", log, ...(sasl !== undefined && { sasl }) };
    const broker = kafkaBroker(options);
    try {
      await broker.send([toWire(message, "/crossline/routing")]);
      return "stored";
    } catch (error) {
      return (error as Error).message;
    } finally {
      await broker.close();
    }
  }
  const forgery = (topic: string, key: string, type: EventType, data: unknown): Message => {
    const time = Date.now();
    return { topic, key, sequence: 1, type, time, timeline: "wall", data };
  };

  const forgedOffer = () => {
    const actor = { party: northtel.party, automated: true };
    const queue = { vendor: mallory.party, queue: `${mallory.party}.desk`, mode: "ticket" };
    const data = { handoffId: `ho_${"0".repeat(26)}`, ...queue, actor, step: 0, attempt: 0, reason: "clock" };
    return forgery(topics.handoff, caseId, "handoff.offered", data);
  };
  const forgedBreach = () => {
    const at = new Date().toISOString();
    const firing = { firingId: "forged", clock, kind: "stall.idle", incarnation: "case/1", threshold: 100 };
    const data = { ...firing, charged: northtel.party, startedAt: at, dueAt: at, firedAt: at };
    return forgery(topics.clock, caseId, "clock.breached", data);
  };
  const forgedKey = `xl_operator_${"k".repeat(43)}`;
  const forgedOperator = () => {
    const keys = [{ keyId: "key_m", hash: hashKey(forgedKey) }];
    return {
      ...forgery(topics.party, "operator", "party.recorded", { party: "operator", kind: "operator", name: "O", keys }),
      sequence: 99,
    };
  };

  test.each(senders)(
    "with %s is refused by Kafka, and has no effect",
    async (_, sasl, refusal) => {
      for (const forged of [forgedOffer(), forgedBreach(), forgedOperator()])
        expect(await send(forged, sasl())).toMatch(refusal);
      await expect(mallory.client.get(`/v1/cases/${caseId}`)).rejects.toMatchObject({ status: 404 });
      expect(await northtel.client.get(`/v1/cases/${caseId}`)).toMatchObject({ holder: northtel.party });
      const routing = createClient(stage.addresses.routing, forgedKey);
      await expect(routing.get("/v1/lines")).rejects.toMatchObject({ status: 401 });
      const { handoffs } = await northtel.client.get<{ handoffs: unknown[] }>(`/v1/cases/${caseId}/handoffs`);
      expect(handoffs).toEqual([]);
    },
    120_000,
  );

  test("is stored with the user of the topic's own service, so the test can fail", async () => {
    expect(await send(forgedBreach(), loginOf(users(), "service.timer.1"))).toBe("stored");
    const crossed = async () => {
      const { handoffs } = await northtel.client.get<{ handoffs: unknown[] }>(`/v1/cases/${caseId}/handoffs`);
      return handoffs.length > 0 ? handoffs : undefined;
    };
    expect(await waitFor(crossed, { timeoutMs: 20_000, what: "the forged breach makes the case cross" })).toHaveLength(
      1,
    );
  }, 60_000);
});
