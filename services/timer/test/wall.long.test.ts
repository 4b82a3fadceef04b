import assert from "node:assert/strict";
import { parseInstant, wall } from "@crossline/contracts";
import { type Broker, memoryBroker, partitionName } from "@crossline/messaging";
import { now } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { afterEach, expect, test } from "vitest";
import { idleLine, newCase } from "./records.ts";
import { type World, createWorld, log } from "./world.ts";

const line = idleLine("idle", "PT10S");

let world: World;
afterEach(() => world.stop());

/** Opens a case whose clock is due in `inMs` milliseconds. */
async function armed(inMs: number, caseId = newCase()): Promise<{ caseId: string; dueAt: number }> {
  const dueAt = (await now(world.database)) + inMs;
  await world.publish(world.opened({ caseId, timeline: wall }, dueAt - 10_000, line));
  return { caseId, dueAt };
}

function firingOf(caseId: string) {
  const firing = world.published.find(({ key }) => key === caseId);
  assert(firing?.type === "clock.breached");
  return firing;
}

test("on the wall timeline, a clock fires within a second after its deadline, and the event contains the lateness", async () => {
  world = await createWorld();
  await world.start();
  await world.publish(world.line(line));
  const { caseId, dueAt } = await armed(2_500);
  await waitFor(() => world.fired(caseId).length > 0);
  const { time, data } = firingOf(caseId);
  expect(parseInstant(data.dueAt)).toBe(dueAt);
  expect(time).toBe(parseInstant(data.firedAt));
  expect(data.latenessMs).toBe(time - dueAt);
  expect(data.latenessMs).toBeGreaterThan(0);
  expect(data.latenessMs).toBeLessThan(1_000);
});

test("a new deadline before all other deadlines wakes the scanner", async () => {
  world = await createWorld();
  await world.start();
  await world.publish(world.line(line));
  const first = await armed(1_000);
  await waitFor(() => world.fired(first.caseId).length > 0);
  const later = await armed(9_000);
  const sooner = await armed(200);
  await waitFor(() => world.fired(sooner.caseId).length > 0);
  expect(firingOf(sooner.caseId).data.latenessMs).toBeLessThan(500);
  expect(world.fired(later.caseId)).toEqual([]);
});

test("a threshold that came due while no timer ran fires once after the start, with its deadline and lateness", async () => {
  world = await createWorld();
  const first = await world.start();
  await world.publish(world.line(line));
  const { caseId, dueAt } = await armed(1_500);
  await first.stop();
  await waitFor(async () => (await now(world.database)) > dueAt + 500);
  expect(world.fired(caseId)).toEqual([]);
  const second = await world.start();
  await waitFor(() => world.fired(caseId).length > 0);
  await second.scanned();
  expect(world.fired(caseId)).toHaveLength(1);
  expect(parseInstant(firingOf(caseId).data.dueAt)).toBe(dueAt);
  expect(firingOf(caseId).data.latenessMs).toBeGreaterThanOrEqual(500);
});

test("if records arrive twice, each threshold still fires once", async () => {
  world = await createWorld();
  const timer = await world.start();
  await world.publish(world.line(line));
  const caseId = newCase();
  const opened = world.opened({ caseId, timeline: wall }, (await now(world.database)) - 9_000, line);
  await world.publish(opened, opened);
  await world.publish(opened);
  await waitFor(() => world.fired(caseId).length > 0);
  await world.publish(opened);
  await timer.scanned();
  await timer.scanned();
  expect(world.fired(caseId)).toHaveLength(1);
});

test("a firing stays, and is reported as overtaken, if the timer later reads an event that would have prevented the firing", async () => {
  world = await createWorld();
  await world.start();
  await world.publish(world.line(line));
  const { caseId, dueAt } = await armed(300);
  await waitFor(() => world.fired(caseId).length > 0);
  const data = { from: "held", to: "inProgress" };
  await world.publish(world.event({ caseId, timeline: wall }, dueAt - 5, "case.status-changed", data));
  await waitFor(() => world.fired(caseId).length > 1);
  expect(world.fired(caseId).at(-1)).toBe("overtaken idle-pt10s");
});

test("no case of a partition fires until the consumer has read the partition to its end", async () => {
  const broker = memoryBroker({ log });
  let hidden = false;
  const pretending: Broker = {
    ...broker,
    async endOffsets(topics) {
      const ends = new Map(await broker.endOffsets(topics));
      const name = partitionName(topics[0] ?? "", 1);
      if (hidden) ends.set(name, (ends.get(name) ?? 0) + 1);
      return ends;
    },
  };
  world = await createWorld(pretending);
  const timer = await world.start();
  await world.publish(world.line(line));
  hidden = true;
  const held = await armed(4_500, newCase(1)); // the timer reads the higher end offset before this clock is due
  const free = await armed(4_500, newCase(2));
  await waitFor(() => world.fired(free.caseId).length > 0);
  await timer.scanned();
  expect(world.fired(held.caseId)).toEqual([]);
  hidden = false;
  await waitFor(() => world.fired(held.caseId).length > 0);
  expect(parseInstant(firingOf(held.caseId).data.dueAt)).toBe(held.dueAt);
});

test("a timer fires nothing in a partition that has another owner in the database", async () => {
  world = await createWorld();
  const timer = await world.start();
  await world.publish(world.line(line));
  const taken = await armed(1_500, newCase(1));
  const own = await armed(1_500, newCase(2));
  await world.database.query({ text: "update inbox_offset set owner = 'another timer' where partition = 1" });
  await waitFor(() => world.fired(own.caseId).length > 0);
  await timer.scanned();
  await timer.scanned();
  expect(world.fired(taken.caseId)).toEqual([]);
});

test("two timers share the partitions, each clock fires once, and one timer takes over when the other stops", async () => {
  world = await createWorld();
  const timers = [await world.start(), await world.start()];
  await waitFor(() => timers.every((timer) => timer.owned().length === 2));
  await world.publish(world.line(line));
  const cases = await Promise.all([0, 1, 2, 3, 0, 1, 2, 3].map((partition) => armed(2_000, newCase(partition))));
  await waitFor(() => cases.every(({ caseId }) => world.fired(caseId).length > 0));
  const late = await Promise.all([0, 1, 2, 3].map((partition) => armed(1_500, newCase(partition))));
  await timers[0]?.stop();
  await waitFor(() => late.every(({ caseId }) => world.fired(caseId).length > 0));
  await timers[1]?.scanned();
  expect([...cases, ...late].map(({ caseId }) => world.fired(caseId).length)).toEqual(Array(12).fill(1));
});

test("a firing belongs to the trace of the newest traced event of the case", async () => {
  const trace = (span: string) => `00-4bf92f3577b34da6a3ce929d0e0e4736-${span.repeat(16)}-01`;
  world = await createWorld();
  await world.start();
  await world.publish(world.line(line));
  const opened = (await now(world.database)) - 9_000;
  const [traced, plain] = [newCase(1), newCase(2)];
  const start = (caseId: string) => world.opened({ caseId, timeline: wall }, opened, line);
  const flip = (caseId: string) =>
    world.event({ caseId, timeline: wall }, opened + 1, "case.status-changed", { from: "held", to: "inProgress" });
  await world.publish({ ...start(traced), traceparent: trace("a") }, start(plain));
  await world.publish(flip(plain), { ...flip(traced), traceparent: trace("b") });
  await world.publish(
    world.event({ caseId: traced, timeline: wall }, opened + 2, "case.contacted", { direction: "inbound" }),
  );
  await waitFor(() => [traced, plain].every((caseId) => world.fired(caseId).length > 0));
  expect(firingOf(traced).traceparent).toBe(trace("b"));
  expect(firingOf(plain)).not.toHaveProperty("traceparent");
});
