import { newId } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { afterEach, expect, test } from "vitest";
import { carrier, createHistory } from "./history.ts";
import { randomHistory, shuffled } from "./random-history.ts";
import { type World, createWorld } from "./world.ts";

const worlds: World[] = [];
afterEach(() => Promise.all(worlds.splice(0).map((world) => world.stop())));

async function open(): Promise<World> {
  const world = await createWorld();
  worlds.push(world);
  await world.start();
  return world;
}

test("the order between the topics, duplicates and the size of batches make no difference", async () => {
  const messages = randomHistory(7, 60);
  const [one, other] = [await open(), await open()];
  await one.publish(messages);
  const again = shuffled(messages, 11);
  expect(again.length).toBeGreaterThan(messages.length);
  for (let at = 0; at < again.length; at += 37) await other.publish(again.slice(at, at + 37));
  const tables = await one.tables();
  expect(tables.split("\n").length).toBeGreaterThan(200);
  expect(await other.tables()).toBe(tables);
});

test("a case of a canary and the source case of a merge never count", async () => {
  const world = await open();
  const key = await world.party(carrier, "carrier");
  const history = createHistory();
  const at = Date.parse("2026-03-02T09:00:00Z");
  const solve = (caseId: string): void => {
    history.resolve(caseId, at + 60_000);
    history.confirm(caseId, at + 120_000);
  };
  solve(history.open(at, { canary: { canaryId: "cn_1", door: "rest" } }));
  const source = history.open(at);
  solve(source);
  history.close(source, at + 180_000, "merged");
  const target = history.open(at);
  const contacts = { count: 2, byChannel: {}, lastAt: "2026-03-02T09:00:00Z" };
  history.add(target, at + 30_000, "case.merged", {
    from: source,
    carrierCaseId: "x",
    reason: "",
    clocks: [],
    contacts,
    entries: [],
  });
  solve(target);
  await world.publish(history.messages);
  expect((await world.report("/v1/reports/contacts-per-case", key)).items).toEqual([
    { group: {}, value: 3, count: 1, parts: { contacts: 3, settled: 1 } },
  ]);
});

test("a removed import leaves no row, and other timelines stay", async () => {
  const world = await open();
  const timeline = newId("imp");
  const imported = createHistory({ timeline });
  const at = Date.parse("2026-03-02T09:00:00Z");
  const caseId = imported.open(at);
  imported.add(caseId, at + 1, "case.recorded", { status: "resolved" });
  const kept = randomHistory(3, 5);
  await world.publish(kept);
  const before = await world.tables();
  await world.publish(imported.messages);
  expect(await world.tables()).not.toBe(before);
  const removal = createHistory({ timeline });
  removal.add(`${timeline}/removed/0`, at + 2, "timeline.removed", {});
  await world.publish(removal.messages);
  await waitFor(async () => (await world.tables()) === before);
});

test("a row of an imported history changes the status, and a return to an unsolved status is a reopening", async () => {
  const world = await open();
  const key = await world.party(carrier, "carrier");
  const timeline = newId("imp");
  const history = createHistory({ timeline });
  const at = Date.parse("2026-03-02T09:00:00Z");
  const [once, twice] = [history.open(at), history.open(at)];
  for (const caseId of [once, twice]) {
    history.add(caseId, at + 60_000, "case.recorded", { status: "resolved" });
    history.add(caseId, at + 120_000, "case.recorded", { status: caseId === twice ? "inProgress" : "resolved" });
    history.add(caseId, at + 180_000, "case.recorded", { status: "closed" });
  }
  await world.publish(history.messages);
  const { items } = await world.report(`/v1/reports/first-contact-resolution?timeline=${timeline}`, key);
  expect(items).toEqual([{ group: {}, value: 0.5, count: 2, parts: { resolvedAtFirst: 1, settled: 2 } }]);
  const held = await world.report(`/v1/reports/time-by-holder?timeline=${timeline}`, key);
  expect(held.items).toMatchObject([{ group: { company: carrier }, value: 120_000, count: 2 }]);
});
