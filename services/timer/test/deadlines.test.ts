import { type DeadlineResultPage, type Message, formatInstant, newId, wall } from "@crossline/contracts";
import { now } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { at, busyLine, idleLine, newCase, operatorAssertion } from "./records.ts";
import { type Timer, type World, advance, createWorld, internalKey } from "./world.ts";

/* The internal routes from which intake reads the next deadlines of cases. */

let world: World;
let timer: Timer;
let operatorKey: string;
const lines = ["PT1H", "PT2H", "PT3H"].map((target) => idleLine(`idle-${target.toLowerCase()}`, target));
const two = idleLine("two", "PT30M", "PT4H");
/** The clock with a target of four hours warns before the clock with a target of half an hour breaches. */
const warning = idleLine("warning", "PT4H", "PT30M");
warning.clocks[0]?.warnAt?.push(5);

beforeEach(async () => {
  world = await createWorld();
  timer = await world.start();
  operatorKey = await operatorAssertion(internalKey);
  await world.publish(...[...lines, two, busyLine].map((document) => world.line(document)));
});
afterEach(() => world.stop());

async function ask<Answer>(path: string, body: object, key = internalKey): Promise<Answer> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const response = await fetch(`${timer.url}/internal/deadlines${path}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  return (response.ok ? await response.json() : response.status) as Answer;
}

const of = (party: string, ...caseIds: string[]) => ask<DeadlineResultPage>("", { party, caseIds });

/** Reads all result pages of a company's cases. */
async function walk(timeline: string, party = "northtel", limit = 2): Promise<DeadlineResultPage["items"]> {
  const kind = party === "northtel" ? "carrier" : "vendor";
  const all: DeadlineResultPage["items"] = [];
  for (;;) {
    const last = all.at(-1);
    const after = last && { after: { at: last.at, caseId: last.caseId } };
    const { items } = await ask<DeadlineResultPage>("/page", { party, kind, timeline, limit, ...after });
    all.push(...items);
    if (items.length < limit) return all;
  }
}

type ClockExplanation = {
  clock: string;
  charged: string;
  state: string;
  thresholds: { percent: number; dueAt: string }[];
};

/** Returns the earliest breach of a case, from the explanation of its clocks. */
async function earliestOf(caseId: string): Promise<{ dueAt: string; clock: string } | undefined> {
  const response = await fetch(`${timer.url}/v1/cases/${caseId}/clocks`, {
    headers: { authorization: `Bearer ${operatorKey}` },
  });
  const { clocks } = (await response.json()) as { clocks: ClockExplanation[] };
  return clocks
    .filter(({ state }) => state === "running" || state === "waiting")
    .flatMap(({ clock, thresholds }) => thresholds.slice(-1).map(({ dueAt }) => ({ clock, dueAt })))
    .filter(({ dueAt }) => dueAt !== undefined)
    .toSorted((one, other) => one.dueAt.localeCompare(other.dueAt))[0];
}

const handoff = { handoffId: newId("ho"), vendor: "orchard", queue: "orchard.handheld" };
const offer = { ...handoff, step: 0, attempt: 0, mode: "ticket", reason: "by-hand" };

test("result pages list a carrier's cases of one timeline in the order of their next breaches", async () => {
  const timeline = newId("stp");
  const cases = Array.from({ length: 9 }, (_, index) => ({ id: newCase(), index }));
  await world.publish(
    ...cases.map(({ id, index }) =>
      world.opened({ caseId: id, timeline }, at(`09:0${(index * 5) % 9}`), lines[index % 3] ?? busyLine),
    ),
    world.opened({ caseId: newCase(), timeline: newId("stp") }, at("09:00"), two),
    world.opened({ caseId: newCase(), timeline }, at("09:00"), two, { carrier: "lumen" }),
  );
  await advance(world, timer, timeline, at("10:04")); // A clock breaches in some of these cases.
  const read = async () => {
    const paged = await walk(timeline);
    const one = await Promise.all(cases.map(async ({ id }) => ({ id, next: await earliestOf(id) })));
    const running = one.filter(({ next }) => next !== undefined);
    expect(running.length).toBeLessThan(9);
    expect(paged.map(({ caseId, nextDue }) => [caseId, nextDue?.dueAt, nextDue?.clock])).toEqual(
      running
        .toSorted((a, b) => `${a.next?.dueAt} ${a.id}`.localeCompare(`${b.next?.dueAt} ${b.id}`, "en"))
        .map(({ id, next }) => [id, next?.dueAt, next?.clock]),
    );
    return paged;
  };
  const [first, ...others] = await read();
  const act = (type: Parameters<World["event"]>[2], data = {}) =>
    world.event({ caseId: first?.caseId ?? "", timeline }, at("10:05"), type, data);
  await world.publish(act("handling.started", { handlingId: "hd_1", channel: "phone" })); // The handling moves the deadline to a later instant.
  const later = await read();
  expect(later.map(({ caseId }) => caseId)).not.toEqual([first, ...others].map((item) => item?.caseId));
  await world.publish(act("case.closed", { from: "acknowledged", reason: "by-carrier" }));
  expect(await walk(timeline)).toHaveLength(later.length - 1);
});

test("a list shows the clock that breaches first and its charged party, and ignores warnings", async () => {
  const timeline = newId("stp");
  const caseId = newCase();
  await world.publish(
    world.opened({ caseId, timeline }, at("09:00"), busyLine),
    world.event({ caseId, timeline }, at("09:00"), "handling.started", { handlingId: "hd_1", channel: "phone" }),
  );
  // Without a heartbeat, the clock counts for only three minutes, so no threshold has a deadline.
  expect(await of("northtel", caseId)).toEqual({ items: [] });
  expect(await walk(timeline)).toEqual([]);
  const [long, short] = [warning.clocks[0]?.name, warning.clocks[1]?.name];
  const idle = newCase();
  await world.publish(world.line(warning), world.opened({ caseId: idle, timeline }, at("09:00"), warning));
  const nextDue = { clock: short, kind: "stall.idle", dueAt: "2026-03-07T14:30:00Z", charged: "northtel" };
  expect(await of("northtel", idle)).toEqual({ items: [{ caseId: idle, nextDue }] });
  await advance(world, timer, timeline, at("09:31"));
  const later = { clock: long, dueAt: "2026-03-07T18:00:00Z" };
  expect(await of("northtel", idle)).toMatchObject({ items: [{ nextDue: later }] });
  expect(await walk(timeline)).toMatchObject([{ at: at("13:00"), nextDue: later }]);
});

test("the next answer to the customer ignores the clocks of the holder, and stays after its breach", async () => {
  const timeline = newId("stp");
  const caseId = newCase();
  const answered = idleLine("answered", "PT30M");
  answered.clocks.push({ kind: "first-response", target: "PT2H", warnAt: [] });
  await world.publish(world.line(answered), world.opened({ caseId, timeline }, at("09:00"), answered));
  const ofCustomer = (party = "northtel") => ask<DeadlineResultPage>("/customer", { party, caseIds: [caseId] });
  const nextDue = { kind: "first-response", dueAt: "2026-03-07T16:00:00Z", charged: "northtel" };
  expect(await ofCustomer()).toMatchObject({ items: [{ nextDue }] });
  expect(await ofCustomer("lumen")).toEqual({ items: [] });
  await advance(world, timer, timeline, at("12:00"));
  expect(await ofCustomer()).toMatchObject({ items: [{ nextDue }] });
  const answer = { contactId: "ct_1", channel: "mail", direction: "outbound", content: "answer" };
  await world.publish(world.event({ caseId, timeline }, at("12:01"), "case.contacted", answer));
  expect(await ofCustomer()).toEqual({ items: [] });
});

test("a vendor reads deadlines only while the vendor may read the current state; a company without a part reads none", async () => {
  const timeline = newId("stp");
  const caseId = newCase();
  const event = (time: string, type: Parameters<World["event"]>[2], data: Record<string, unknown> = {}): Message =>
    world.event({ caseId, timeline }, at(time), type, data);
  const seen = async (party: string) => [(await of(party, caseId)).items.length, (await walk(timeline, party)).length];
  await world.publish(world.opened({ caseId, timeline }, at("09:00"), two));
  expect(await seen("orchard")).toEqual([0, 0]);
  await world.publish(event("09:05", "handoff.offered", offer));
  expect(await seen("orchard")).toEqual([1, 1]);
  expect(await seen("quill")).toEqual([0, 0]);
  await world.publish(event("09:10", "handoff.lapsed", handoff));
  expect(await seen("orchard")).toEqual([0, 0]);
  expect(await seen("northtel")).toEqual([1, 1]);
  await world.publish(event("09:20", "handoff.offered", { ...offer, handoffId: newId("ho") }));
  expect(await seen("orchard")).toEqual([1, 1]);
});

test("the scanner corrects a next breach that is stored too early", async () => {
  const openedAt = (await now(world.database)) - 3_598_000; // the first clock breaches two seconds later
  const caseId = newCase();
  await world.publish(world.opened({ caseId, timeline: wall }, openedAt, idleLine("two", "PT30M", "PT4H")));
  const line = idleLine("pair", "PT1H", "PT5H");
  const early = newCase();
  await world.publish(world.line(line), world.opened({ caseId: early, timeline: wall }, openedAt, line));
  await waitFor(() => world.fired(caseId).length === 1);
  await world.database.query({ text: "update case_clock set breach_at = due_at where due_at is not null" });
  await waitFor(() => world.fired(early).length === 1);
  await waitFor(async () => (await walk(wall)).length === 2);
  const dues = (await walk(wall)).map(({ at: place, nextDue }) => [formatInstant(place), nextDue?.dueAt]);
  for (const [place, dueAt] of dues) expect(place).toBe(dueAt);
});

test("the routes require the internal key, and accept at most 100 cases", async () => {
  expect(await ask("", { party: "northtel", caseIds: [] }, operatorKey)).toBe(401);
  expect(await ask("", { party: "northtel", caseIds: Array.from({ length: 101 }, () => newCase()) })).toBe(400);
});
