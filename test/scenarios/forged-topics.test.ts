import { hashKey } from "@crossline/access";
import { type ServiceName, createClient, serviceNames } from "@crossline/cli";
import { type EventType, type Message, parseEvent, topics } from "@crossline/contracts";
import { toWire } from "@crossline/messaging";
import { type Database, connect } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCalmCase, waitForClock } from "./calm-case.ts";
import { type Stage, openStage } from "./stage.ts";

/*
 * A client that may write one topic must not publish the facts of another topic there. Every service that reads the topic stores the
 * record as a dead letter, and the fact has no effect.
 */

let stage: Stage;
let databases: Map<ServiceName, Database>;
beforeAll(async () => {
  stage = await openStage({ inProcess: true, insight: true, console: true });
  const open = (schema: ServiceName) => connect({ url: stage.databaseUrl, schema, applicationName: "forged-topics" });
  databases = new Map(serviceNames.map((name) => [name, open(name)]));
}, 60_000);
afterAll(async () => {
  await Promise.all([...(databases?.values() ?? [])].map((database) => database.close()));
  await stage?.close();
});

const reason = "the header ce_type belongs to another topic";

/** Returns the services whose consumers read a topic. */
async function readersOf(topic: string): Promise<ServiceName[]> {
  const names: ServiceName[] = [];
  for (const [name, database] of databases) {
    const rows = await database.query({
      text: "-- test.readers\nselect from inbox_offset where topic = $1",
      values: [topic],
    });
    if (rows.length > 0) names.push(name);
  }
  return names;
}

/** Returns the services that have refused a record of this topic and key, because its type belongs to another topic. */
async function refusedBy(topic: string, key: string): Promise<ServiceName[]> {
  const names: ServiceName[] = [];
  for (const [name, database] of databases) {
    const rows = await database.query({
      text: "-- test.refused\nselect from dead_letter where topic = $1 and key = $2 and reason = $3",
      values: [topic, key, reason],
    });
    if (rows.length > 0) names.push(name);
  }
  return names;
}

/** Sends a valid record of a fact, and waits until each reader of the topic has refused it. */
async function forge(topic: string, key: string, type: EventType, data: unknown): Promise<ServiceName[]> {
  const message: Message = { topic, key, sequence: 2, type, time: Date.now(), timeline: "wall", data };
  expect(() => parseEvent(type, data)).not.toThrow();
  const readers = await readersOf(topic);
  await stage.send([toWire(message, "/crossline/timer")]);
  const isRefused = async () => {
    const names = await refusedBy(topic, key);
    return names.length === readers.length ? names : undefined;
  };
  return waitFor(isRefused, { timeoutMs: 20_000, what: `${readers.join(", ")} refuse ${type} on ${topic}` });
}

async function openCase() {
  const calm = await openCalmCase(stage, "first-response");
  return { ...calm, clock: await waitForClock(calm) };
}

test("a breach on the case topic makes no case cross", async () => {
  const { carrier, vendor, id, clock } = await openCase();
  const at = new Date().toISOString();
  const firing = { firingId: "forged", clock, kind: "first-response", incarnation: "case/1", threshold: 100 };
  const data = { ...firing, charged: carrier.party, startedAt: at, dueAt: at, firedAt: at };
  const names = await forge(topics.case, id, "clock.breached", data);
  expect(names.toSorted()).toEqual(["auditor", "console", "insight", "notification", "routing", "timer"]);
  expect(await vendor.client.get(`/v1/queues/${vendor.party}.desk/handoffs`)).toMatchObject({ items: [] });
}, 60_000);

test("an offer on the case topic or on the clock topic lets no vendor read the case", async () => {
  const { carrier, id } = await openCase();
  const stranger = await stage.party("mallory", "vendor");
  for (const topic of [topics.case, topics.clock]) {
    const data = {
      handoffId: `ho_${"0".repeat(26)}`,
      vendor: stranger.party,
      queue: `${stranger.party}.desk`,
      actor: { party: carrier.party, automated: true },
      step: 0,
      attempt: 0,
      mode: "ticket",
      reason: "clock",
    };
    const names = await forge(topic, id, "handoff.offered", data);
    expect(names).toContain("console");
    await expect(stranger.client.get(`/v1/cases/${id}`)).rejects.toMatchObject({ status: 404 });
  }
}, 60_000);

test("a party on another topic gets no key", async () => {
  const key = `xl_mallory_${"k".repeat(43)}`;
  const data = { party: "mallory", kind: "carrier", name: "M", keys: [{ keyId: "key_m", hash: hashKey(key) }] };
  for (const topic of [topics.clock, topics.case, topics.gap]) {
    await forge(topic, `mallory/${topic}`, "party.recorded", data);
    const refused = createClient(stage.addresses.routing, key).get("/v1/lines");
    await expect(refused).rejects.toMatchObject({ status: 401 });
  }
}, 60_000);
