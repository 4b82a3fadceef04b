import { type LineDocument, newId } from "@crossline/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { at, newCase } from "./records.ts";
import { type Timer, type World, advance, createWorld } from "./world.ts";

const line = (name: string, targets: { critical: string; else: string }, warnAt: number[] = []): LineDocument => ({
  line: name,
  mode: "observe",
  calendar: "24x7",
  clocks: [{ kind: "resolution", target: targets, warnAt, pausedWhile: ["customer"] }],
  crossing: [],
  lastResort: [],
});
const slow = line("care", { critical: "PT2H", else: "PT8H" });
const quick = line("care", { critical: "PT1H", else: "PT4H" }, [50]);
const other = line("other", { critical: "PT1H", else: "PT3H" });

let world: World;
let timer: Timer;
const keys: Record<string, string> = {};

beforeEach(async () => {
  world = await createWorld();
  timer = await world.start();
  await world.publish(world.line(slow), world.line(quick, undefined, 2), world.line(other));
  for (const [name, kind] of [
    ["northtel", "carrier"],
    ["lumen", "carrier"],
    ["orchard", "vendor"],
  ] as const) {
    const { key, message } = world.party(name, kind);
    keys[name] = key;
    await world.publish(message);
  }
});
afterEach(() => world.stop());

async function get(path: string, party = "northtel") {
  const response = await fetch(`${timer.url}${path}`, { headers: { authorization: `Bearer ${keys[party]}` } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Opens a case at nine, and makes the case wait for the customer from ten to twelve. */
async function opened(timeline = newId("stp")): Promise<{ caseId: string; timeline: string }> {
  const caseId = newCase();
  await world.publish(
    world.opened({ caseId, timeline }, at("09:00"), slow),
    world.event({ caseId, timeline }, at("10:00"), "case.status-changed", {
      from: "acknowledged",
      to: "pending",
      waitingOn: "customer",
    }),
    world.event({ caseId, timeline }, at("12:00"), "case.status-changed", { from: "pending", to: "inProgress" }),
  );
  return { caseId, timeline };
}

const move = (version: number) => ({
  from: { carrier: "northtel", name: "care", version: 1 },
  line: { carrier: "northtel", name: "care", version },
  reason: "of the test",
});

test("⚠ after a new severity, earlier pauses stay in the stored state, and the timer publishes and counts the recomputation", async () => {
  const { caseId, timeline } = await opened();
  await world.publish(
    world.event({ caseId, timeline }, at("12:30"), "case.severity-changed", { from: "minor", to: "critical" }),
  );
  await advance(world, timer, timeline, at("14:00"));
  expect(world.fired(caseId)).toEqual(["recomputed resolution", "7th 13:00:00 resolution 100"]);
  const recomputed = world.published.find(({ type }) => type === "clock.recomputed");
  expect(recomputed?.data).toMatchObject({
    cause: "severity",
    old: { targetMs: 28_800_000, dueAt: "2026-03-08T00:00:00Z" },
    new: { targetMs: 7_200_000, dueAt: "2026-03-07T18:00:00Z" },
  });
  const metrics = await (await fetch(`${timer.url}/metrics`)).text();
  expect(metrics).toContain('crossline_timer_recomputed_total{kind="resolution",cause="severity",service="timer"} 1');
});

test("the clocks of a moved case follow the new line, also after a restart", async () => {
  const { caseId, timeline } = await opened();
  await world.publish(world.event({ caseId, timeline }, at("12:30"), "case.moved", move(2)));
  await advance(world, timer, timeline, at("12:31"));
  await timer.stop();
  timer = await world.start();
  await advance(world, timer, timeline, at("16:00"));
  expect(world.fired(caseId)).toEqual([
    "recomputed resolution",
    "7th 13:00:00 resolution 50",
    "7th 15:00:00 resolution 100",
  ]);
});

test("the preview of a move shows each clock and changes nothing", async () => {
  const { caseId, timeline } = await opened();
  await world.publish(...world.marks(timeline, at("12:30")));
  const path = `/v1/cases/${caseId}/clocks/preview`;
  const newest = await get(`${path}?line=care`);
  expect(newest).toMatchObject({
    status: 200,
    body: {
      at: "2026-03-07T17:30:00Z",
      from: { name: "care", version: 1 },
      to: { name: "care", version: 2 },
      clocks: [
        {
          clock: "resolution",
          kind: "resolution",
          old: { targetMs: 28_800_000, dueAt: "2026-03-08T00:00:00Z" },
          new: { targetMs: 14_400_000, dueAt: "2026-03-07T20:00:00Z" },
        },
      ],
    },
  });
  expect((await get(`${path}?line=care&version=1`)).body).toMatchObject({ to: { version: 1 } });
  expect((await get(`${path}?line=other`)).body).toMatchObject({
    clocks: [{ new: { dueAt: "2026-03-07T19:00:00Z" } }],
  });
  await advance(world, timer, timeline, at("20:00"));
  expect(world.fired(caseId)).toEqual(["7th 19:00:00 resolution 100"]);
});

test("the preview returns a refusal for an unknown line, and for a company without a part in the case", async () => {
  const { caseId } = await opened();
  const path = `/v1/cases/${caseId}/clocks/preview`;
  expect(await get(`${path}?line=care&version=9`)).toMatchObject({ status: 422, body: { code: "unknown_line" } });
  expect(await get(`${path}?line=none`)).toMatchObject({ status: 422, body: { code: "unknown_line" } });
  expect((await get(path)).status).toBe(400);
  expect((await get(`${path}?line=care&version=0`)).status).toBe(400);
  for (const party of ["lumen", "orchard"])
    expect(await get(`${path}?line=care`, party)).toMatchObject({ status: 404, body: { code: "not_found" } });
});

test("⚠ a vendor of the case can preview versions of the case's line, but no other line of the carrier", async () => {
  const { caseId, timeline } = await opened();
  const offer = { handoffId: newId("ho"), vendor: "orchard", queue: "orchard.handheld", mode: "ticket", step: 0 };
  await world.publish(
    world.event({ caseId, timeline }, at("12:10"), "handoff.offered", { ...offer, attempt: 0, reason: "clock" }),
  );
  const path = `/v1/cases/${caseId}/clocks/preview`;
  expect(await get(`${path}?line=care`, "orchard")).toMatchObject({ status: 200, body: { to: { version: 2 } } });
  for (const name of ["other", "none"])
    expect(await get(`${path}?line=${name}`, "orchard")).toMatchObject({ status: 403, body: { code: "forbidden" } });
});

test("an explanation contains the pauses and the version of the time zone database", async () => {
  const { caseId, timeline } = await opened();
  await world.publish(...world.marks(timeline, at("12:30")));
  const { body } = await get(`/v1/cases/${caseId}/clocks`);
  expect(body).toMatchObject({
    timeZones: expect.stringMatching(/^20\d\d[a-z]$/),
    clocks: [
      {
        countedMs: 5_400_000,
        rested: [{ from: "2026-03-07T15:00:00Z", to: "2026-03-07T17:00:00Z", openMs: 7_200_000 }],
      },
    ],
  });
});
