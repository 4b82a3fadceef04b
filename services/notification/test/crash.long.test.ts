import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { wall } from "@crossline/contracts";
import { connect } from "@crossline/postgres";
import { freshDatabase, privateKafka, waitFor } from "@crossline/testing";
import { Webhook } from "standardwebhooks";
import { expect, onTestFinished, test } from "vitest";
import { insertDeliveries } from "../src/store/delivery.ts";
import { insertSubscription } from "../src/store/subscription.ts";
import { newSecret } from "../src/delivery/signature.ts";
import { startReceiver } from "./receiver.ts";
import { newStory } from "./story.ts";
import { createWorld, internalKey } from "./world.ts";

const main = resolve(import.meta.dirname, "../src/main.ts");
const kafka = await privateKafka();

test.skipIf(kafka === undefined)(
  "if a process is killed between its request to a receiver and the commit, another process sends the request again with the same id",
  { timeout: 60_000 },
  async () => {
    const fresh = await freshDatabase("notification");
    const database = connect(fresh.options("notification"));
    const children: ChildProcess[] = [];
    const receiver = await startReceiver((response) => {
      // The receiver has read the request, but the process dies before it reads the response.
      if (receiver.received.length === 1) children[0]?.kill("SIGKILL");
      response.writeHead(204).end();
    });
    onTestFinished(async () => {
      for (const child of children) child.kill("SIGKILL");
      await Promise.all([receiver.close(), database.close()]);
      await fresh.drop();
      await kafka?.remove();
    });
    const start = () => {
      const env = {
        DATABASE_URL: fresh.url,
        KAFKA_BROKERS: kafka?.brokers.join(",") ?? "",
        PORT: "0",
        INTERNAL_KEY: internalKey,
        PARTITIONS: "2",
        LOG_LEVEL: "warn",
        WEBHOOK_PRIVATE_ADDRESSES: "allow",
        WEBHOOK_TIMEOUT: "PT1S",
      };
      const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "inherit", "inherit"] });
      children.push(child);
      return once(child, "exit");
    };
    const secret = newSecret();
    const subscription = {
      subscriptionId: "sub_1",
      party: "northtel",
      partyKind: "carrier" as const,
      timeline: wall,
      url: receiver.url,
      events: null,
      description: null,
      secret,
      formerSecretUntil: null,
      createdAt: 0,
      endedAt: null,
    };
    const { caseId } = newStory();
    const delivery = {
      deliveryId: "dlv_1",
      eventId: `case/${caseId}/1`,
      target: "sub_1",
      subscriptionId: "sub_1",
      outboundMessageId: null,
      party: "northtel",
      caseId,
      timeline: wall,
      eventType: "case.opened",
      eventAt: Date.now(),
      causeTopic: "crossline.case.v1",
      causeSequence: 1,
      url: receiver.url,
      payload: "{}",
      state: "waiting" as const,
    };
    await database.transaction((tx) => insertSubscription(tx, subscription));
    await insertDeliveries(database, [delivery], Date.now(), { subscription: 3_600_000, lastResort: 3_600_000 });

    const [, signal] = await start();
    expect(signal).toBe("SIGKILL");
    const stateOf = async () =>
      (await database.query<{ state: string; attempts: number }>({ text: "select state, attempts from delivery" }))[0];
    expect(await stateOf()).toEqual({ state: "waiting", attempts: 0 });
    const ended = start();
    await waitFor(async () => (await stateOf())?.state === "delivered", { timeoutMs: 30_000 });
    expect(await stateOf()).toEqual({ state: "delivered", attempts: 1 });
    expect(receiver.received.map(({ id }) => id)).toEqual([delivery.eventId, delivery.eventId]);
    for (const { body, headers } of receiver.received) new Webhook(secret).verify(body, headers);
    children[1]?.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  },
);

test("two processes share the deliveries and send each once; the results of each case are in order", async () => {
  const world = await createWorld();
  onTestFinished(() => world.stop());
  const receiver = await world.receiver();
  await world.start();
  await world.subscribe("northtel", { url: receiver.url });
  const { startDeliveryLoop } = await import("../src/workers/delivery-loop.ts");
  const { withDefaults } = await import("../src/config.ts");
  const { createNotificationMetrics } = await import("../src/metrics.ts");
  const { createMetrics } = await import("@crossline/service");
  const { log, quick } = await import("./world.ts");
  const second = startDeliveryLoop({
    settings: withDefaults(quick),
    database: world.database,
    log,
    counters: createNotificationMetrics(createMetrics("second"), log),
    onPublished: () => {},
  });
  onTestFinished(() => second.stop());
  const stories = Array.from({ length: 20 }, () => newStory());
  for (const story of stories) {
    await world.publish(story.opened(), ...Array.from({ length: 9 }, (_, index) => story.noted(`${index}`)));
  }
  await waitFor(() => world.published.length >= 200);
  expect(receiver.received).toHaveLength(200);
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(200);
  for (const { caseId } of stories) {
    const sequences = world.published.filter(({ key }) => key === caseId).map(({ sequence }) => sequence);
    expect(sequences).toEqual(Array.from({ length: 10 }, (_, index) => index + 1));
  }
});
