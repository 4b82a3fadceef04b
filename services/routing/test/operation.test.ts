import { type EventData, newId, queueTopic, topics } from "@crossline/contracts";
import { builtinRef } from "@crossline/domain";
import { type Broker, memoryBroker } from "@crossline/messaging";
import { waitFor } from "@crossline/testing";
import { afterEach, expect, test } from "vitest";
import { silentLog } from "./stand-ins.ts";
import { type World, newTimeline, sound, startWorld } from "./world.ts";

let world: World;
afterEach(() => world.stop());

test("a case under the built-in line raises an alarm, and so does a last resort that reaches no person", async () => {
  world = await startWorld();
  const one = await world.open(builtinRef, { carrier: "northtel" });
  await one.breach("stall.idle");
  expect(await one.types()).toEqual(["line.exhausted", "last-resort.called"]);
  const alarms = world.logged.filter(({ msg }) => String(msg).startsWith("alarm:"));
  expect(alarms).toMatchObject([
    { level: "error", caseId: one.id },
    { level: "error", caseId: one.id },
  ]);
  const { body } = await world.as("operator")("GET", "/metrics");
  expect(body).toMatch(/crossline_routing_alarms_total\{[^}]*alarm="builtin-line"[^}]*\} 1/);
  expect(body).toMatch(/crossline_routing_alarms_total\{[^}]*alarm="last-resort-without-address"[^}]*\} 1/);
});

test("routing stores no case of an import, and a case under an observing line never crosses", async () => {
  world = await startWorld();
  const observe = await world.publish("northtel", { line: "watch", mode: "observe", crossing: [], lastResort: [] });
  const imported = await world.open(observe, { timeline: newId("imp") });
  await imported.publish("case.recorded", { actor: imported.rep, status: "inProgress" });
  await imported.breach("stall.idle");
  expect(await world.database.query({ text: "select from case_crossing" })).toEqual([]);
  const watched = await world.open(observe);
  await watched.breach("stall.idle");
  await watched.cross();
  expect(await watched.types()).toEqual([]);
  const { status, body } = await world.as("northtel")("GET", `/v1/cases/${watched.id}/handoffs`);
  expect({ status, handoffs: body.handoffs }).toEqual({ status: 200, handoffs: [] });
});

test("open hand-offs continue after a restart, and a duplicate changes nothing", async () => {
  world = await startWorld();
  const line = await world.publish("northtel", { line: "handheld" });
  const one = await world.open(line);
  const firingId = await one.breach("stall.busy");
  const handoffId = await one.offered();
  await world.restart();
  const again: EventData<"clock.breached"> = {
    firingId,
    clock: "stall.busy",
    kind: "stall.busy",
    incarnation: "case/1",
    threshold: 100,
    charged: "northtel",
    startedAt: "2026-03-07T14:00:00Z",
    dueAt: "2026-03-07T14:00:00Z",
    firedAt: "2026-03-07T14:00:00Z",
  };
  const repeated = { topic: topics.clock, key: one.id, sequence: 1, type: "clock.breached", time: one.now() };
  await world.send({ ...repeated, timeline: one.timeline, data: again });
  await one.breach("vendor.acceptance", handoffId);
  expect(await one.types()).toEqual(["handoff.offered", "handoff.lapsed", "handoff.offered"]);
});

test("routing counts the records of a stepped timeline that it has published and applied", async () => {
  world = await startWorld();
  const line = await world.publish("northtel", { line: "handheld" });
  const one = await world.open(line);
  await one.note("it blinks");
  await one.breach("stall.busy");
  const { body } = await world.internal("GET", `/internal/timelines/${one.timeline}`);
  expect(body).toEqual({
    appended: { [topics.handoff]: 1, [queueTopic("orchard", "stepped")]: 1 },
    applied: { [topics.case]: 2, [topics.clock]: 1 },
    parked: 0,
    dead: 0,
    lost: 0,
  });
});

test("a case with an unpublished line is parked with the reason, and continues after the publication", async () => {
  world = await startWorld();
  const missing = { carrier: "northtel", name: "later", version: 1 };
  const one = await world.open(missing);
  await one.cross();
  const { body } = await world.internal("GET", "/internal/parked");
  expect(body.parked).toMatchObject([{ key: one.id, waiting: 2, reason: expect.stringContaining("northtel/later@1") }]);
  await world.publish("northtel", { line: "later" });
  expect((await world.internal("POST", `/internal/parked/${one.id}/replay`)).status).toBe(202);
  await waitFor(async () => (await one.types()).length === 1, { what: "the offer" });
  expect((await world.internal("POST", `/internal/parked/${one.id}/replay`)).status).toBe(404);
  expect((await world.internal("GET", "/internal/dead-letters")).body).toEqual({ deadLetters: [] });
});

test("a queue topic exists before its first record, even after a fault of the broker", async () => {
  const real = memoryBroker({ log: silentLog });
  let isDown = false;
  const made = new Set<string>();
  const refuse = <T>(work: () => Promise<T>): Promise<T> => (isDown ? Promise.reject(new Error("no broker")) : work());
  const broker: Broker = {
    ...real,
    send: (records) => refuse(() => real.send(records)),
    ensureTopics: (specs) =>
      refuse(async () => {
        await real.ensureTopics(specs);
        for (const { topic } of specs) made.add(topic);
      }),
  };
  world = await startWorld({ broker });
  await waitFor(() => made.has(queueTopic("orchard", "wall")) && made.has(queueTopic("orchard", "stepped")));

  // The test registers a vendor and offers it a case while the broker refuses sends. The test sends its own events through the
  // broker without the fault.
  isDown = true;
  const late = { party: "lumen", kind: "vendor", name: "Lumen", keys: [] } as const;
  const time = Date.now();
  const { toWire } = await import("@crossline/messaging");
  const past = (message: Parameters<typeof toWire>[0]) => real.send([toWire(message, "/test")]);
  await past({
    topic: topics.party,
    key: "lumen",
    sequence: 1,
    type: "party.recorded",
    time,
    timeline: "wall",
    data: late,
  });
  const published = await world.as("northtel")("POST", "/v1/lines", {
    ...sound,
    line: "core",
    crossing: [{ to: "queue:lumen.core" }],
  });
  expect(published.status).toBe(201);
  const caseId = newId("cs");
  const actor = { party: "northtel", automated: false };
  const envelope = { topic: topics.case, key: caseId, time, timeline: "wall" };
  const opened: EventData<"case.opened"> = {
    actor,
    carrier: "northtel",
    carrierCaseId: "N-1",
    kind: "fault",
    severity: "major",
    title: "t",
    channel: "web",
    line: published.body.line,
    lineReason: "named",
    status: "acknowledged",
  };
  await past({ ...envelope, sequence: 1, type: "case.opened", data: opened });
  await past({ ...envelope, sequence: 2, type: "crossing.requested", data: { actor, asOf: 1 } });
  const waiting = () => world.database.query({ text: "select from outbox" });
  await waitFor(() => world.logged.some(({ msg }) => String(msg).startsWith("the broker did not accept records")));
  expect((await waiting()).length).toBeGreaterThan(1);
  expect(made.has(queueTopic("lumen", "wall"))).toBe(false);
  isDown = false;
  await waitFor(async () => (await waiting()).length === 0, { what: "an empty outbox" });
  expect(made.has(queueTopic("lumen", "wall"))).toBe(true);
  expect(world.seen.filter(({ key }) => key === caseId).map(({ type }) => type)).toEqual(["handoff.offered"]);
});

test("one transaction decides many independent cases", async () => {
  world = await startWorld();
  const line = await world.publish("northtel", { line: "handheld" });
  const timeline = newTimeline();
  const cases = await Promise.all(Array.from({ length: 100 }, () => world.open(line, { timeline })));
  await Promise.all(cases.map((one) => one.breach("stall.busy")));
  await Promise.all(cases.map((one) => one.breach("handling.limit")));
  await world.drained();
  const offers = world.seen.filter(({ type }) => type === "handoff.offered");
  expect(new Set(offers.map(({ key }) => key)).size).toBe(100);
  expect(offers).toHaveLength(100);
});
