import { formatInstant, newId, wall } from "@crossline/contracts";
import { now } from "@crossline/postgres";
import { createHealth, createHttp, createMetrics } from "@crossline/service";
import { ageId, waitFor } from "@crossline/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { at, busyLine, idleLine, newCase, operatorAssertion } from "./records.ts";
import { createCaseWaiters } from "../src/routes/case-waiters.ts";
import { serveClocks } from "../src/routes/clocks.ts";
import { createLines } from "@crossline/projection/compiled-lines";
import { type Timer, type World, createWorld, internalKey, log } from "./world.ts";

let world: World;
let timer: Timer;
const keys: Record<string, string> = {};

beforeEach(async () => {
  world = await createWorld();
  timer = await world.start();
  await world.publish(world.line(busyLine), world.line(idleLine("idle", "PT1H")));
  for (const [name, kind] of [
    ["northtel", "carrier"],
    ["lumen", "carrier"],
    ["orchard", "vendor"],
    ["quill", "vendor"],
  ] as const) {
    const { key, message } = world.party(name, kind);
    keys[name] = key;
    await world.publish(message);
  }
  keys["operator"] = await operatorAssertion(internalKey);
});
afterEach(() => world.stop());

async function get(path: string, key?: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const response = await fetch(`${timer.url}${path}`, { headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const handling = { handlingId: "hd_1", channel: "phone" };

describe("GET /v1/cases/:id/clocks", () => {
  test("the route returns an existing case even while the maximum number of requests waits", async () => {
    const caseId = newCase();
    await world.publish(world.opened({ caseId, timeline: wall }, at("09:00"), busyLine));
    const waiters = createCaseWaiters();
    const waiting = Array.from({ length: 500 }, () => waiters.wait("cs_none", 60_000));
    const http = await createHttp({
      version: "0",
      log,
      health: createHealth(),
      metrics: createMetrics("timer"),
      openapi: { title: "", description: "" },
    });
    const authenticate = async () => ({ party: "northtel", kind: "carrier", keyId: "key_1" }) as const;
    serveClocks(http, { database: world.database, lines: createLines(), waiters, authenticate });
    const ask = async (id: string) =>
      (await http.inject({ url: `/v1/cases/${id}/clocks`, headers: { authorization: "Bearer any" } })).statusCode;
    expect(await ask(newCase())).toBe(503);
    expect(await ask(caseId)).toBe(200);
    waiters.wake(new Set(["cs_none"]));
    await Promise.all(waiting);
    await http.close();
  });

  test("the route explains every clock as counted intervals, at the mark of a stepped timeline", async () => {
    const timeline = newId("stp");
    const caseId = newCase();
    await world.publish(
      world.opened({ caseId, timeline }, at("09:00"), busyLine),
      world.event({ caseId, timeline }, at("09:00"), "handling.started", handling),
      world.event({ caseId, timeline }, at("09:02"), "handling.ended", handling),
      world.event({ caseId, timeline }, at("09:10"), "handling.started", { ...handling, handlingId: "hd_2" }),
      ...world.marks(timeline, at("09:11")),
    );
    const { status, body } = await get(`/v1/cases/${caseId}/clocks`, keys["northtel"]);
    expect(status).toBe(200);
    expect(body).toMatchObject({ caseId, at: "2026-03-07T14:11:00Z", holder: "northtel", status: "acknowledged" });
    expect(body["clocks"]).toMatchObject([
      {
        clock: "stall.busy",
        state: "running",
        charged: "northtel",
        countedMs: 180_000,
        remainingMs: 1_020_000,
        counted: [
          { from: "2026-03-07T14:00:00Z", to: "2026-03-07T14:02:00Z", countedMs: 120_000 },
          { from: "2026-03-07T14:10:00Z", to: "2026-03-07T14:11:00Z", countedMs: 60_000 },
        ],
        calendar: { name: "24x7" },
      },
    ]);
  });

  test("on the wall timeline, the route explains the clocks at now, or at a requested instant after the last event", async () => {
    const caseId = newCase();
    const openedAt = (await now(world.database)) - 60_000;
    await world.publish(world.opened({ caseId, timeline: wall }, openedAt, idleLine("idle", "PT1H")));
    const { body } = await get(`/v1/cases/${caseId}/clocks`, keys["northtel"]);
    const [clock] = body["clocks"] as { countedMs: number }[];
    expect(clock?.countedMs).toBeGreaterThanOrEqual(60_000);
    expect(clock?.countedMs).toBeLessThan(90_000);

    expect(body).not.toHaveProperty("gap");
    const mark =
      "insert into inbox_gap_mark (key, topic, partition, is_known) values ($1, 'crossline.case.v1', 0, false)";
    await world.database.query({ text: mark, values: [caseId] });
    expect((await get(`/v1/cases/${caseId}/clocks`, keys["northtel"])).body).toMatchObject({ gap: true });

    const later = formatInstant(openedAt + 1_800_000);
    const asked = await get(`/v1/cases/${caseId}/clocks?at=${later}`, keys["northtel"]);
    expect(asked.body).toMatchObject({ at: later, clocks: [{ countedMs: 1_800_000, remainingMs: 1_800_000 }] });

    const afterAllTime = await get(`/v1/cases/${caseId}/clocks?at=9999-12-31T23:59:59-14:00`, keys["northtel"]);
    expect(afterAllTime).toMatchObject({ status: 400, body: { code: "invalid_request", fields: [{ at: "at" }] } });

    const before = await get(`/v1/cases/${caseId}/clocks?at=${formatInstant(openedAt - 1)}`, keys["northtel"]);
    expect(before).toMatchObject({ status: 400, body: { code: "invalid_request", fields: [{ at: "at" }] } });
  });

  test("the route returns the clocks to the carrier, the vendors of the case and the operator, and 404 to others", async () => {
    const timeline = newId("stp");
    const caseId = newCase();
    const offer = {
      handoffId: newId("ho"),
      vendor: "orchard",
      queue: "orchard.handheld",
      step: 0,
      attempt: 0,
      mode: "ticket",
      reason: "by-hand",
    };
    await world.publish(world.opened({ caseId, timeline }, at("09:00"), busyLine));
    const before = await get(`/v1/cases/${caseId}/clocks`, keys["orchard"]);
    await world.publish(world.event({ caseId, timeline }, at("09:05"), "handoff.offered", offer));
    const names = ["northtel", "orchard", "operator", "lumen", "quill"];
    const answers = await Promise.all(names.map((name) => get(`/v1/cases/${caseId}/clocks`, keys[name])));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 404, 404]);
    const absent = await get(`/v1/cases/${newCase()}/clocks`, keys["lumen"]);
    expect(answers[3]).toEqual(absent);
    expect(before).toEqual(absent);
    expect((await get(`/v1/cases/${caseId}/clocks`)).status).toBe(401);
  });

  test("the route waits for a case that a carrier has just opened", async () => {
    const caseId = newCase();
    const answer = get(`/v1/cases/${caseId}/clocks`, keys["northtel"]);
    await world.publish(world.opened({ caseId, timeline: newId("stp") }, at("09:00"), busyLine));
    expect((await answer).status).toBe(200);
  });

  test("if the case id is old, the route returns 404 without a wait, for an unknown case and for another company's case", async () => {
    const foreign = ageId(newCase(), 60_000);
    await world.publish(world.opened({ caseId: foreign, timeline: newId("stp") }, at("09:00"), busyLine));
    expect((await get(`/v1/cases/${foreign}/clocks`, keys["northtel"])).status).toBe(200);
    const took = async (id: string) => {
      const startedAt = performance.now();
      expect((await get(`/v1/cases/${id}/clocks`, keys["lumen"])).status).toBe(404);
      return performance.now() - startedAt;
    };
    const [waited = 0, ...atOnce] = await Promise.all([newCase(), foreign, ageId(newCase(), 60_000)].map(took));
    expect(waited / Math.max(...atOnce)).toBeGreaterThan(2);
  });

  test("the route refuses an invalid case id", async () => {
    expect(await get("/v1/cases/42/clocks", keys["northtel"])).toMatchObject({ status: 400 });
  });
});

describe("operators can find faulty records and read metrics", () => {
  test("a record that the timer cannot apply parks its case; other cases continue", async () => {
    const timeline = newId("stp");
    const [bad, good] = [newCase(), newCase()];
    await world.publish(
      world.event({ caseId: bad, timeline }, at("09:00"), "handling.started", handling), // never opened
      world.opened({ caseId: good, timeline }, at("09:00"), busyLine),
    );
    expect((await get(`/v1/cases/${good}/clocks`, keys["operator"])).status).toBe(200);
    const { body } = await get("/internal/parked", internalKey);
    expect(body["parked"]).toMatchObject([{ key: bad, waiting: 1 }]);
    const replay = (key: string) =>
      fetch(`${timer.url}/internal/parked/${key}/replay`, {
        method: "POST",
        headers: { authorization: `Bearer ${internalKey}` },
      });
    expect((await replay(bad)).status).toBe(202);
    expect((await replay(good)).status).toBe(404);
    expect((await get("/internal/parked", keys["operator"])).status).toBe(401);
  });

  test("a record that the timer cannot parse becomes a dead letter", async () => {
    const record = { topic: "crossline.case.v1", key: newCase(), headers: {}, value: "?" };
    await world.broker.send([record]);
    const { body } = await get("/internal/dead-letters", internalKey);
    expect(body["deadLetters"]).toMatchObject([{ direction: "in", topic: "crossline.case.v1" }]);
  });

  test("the metrics contain firings and their lateness; the health check names the consumer and the due scanner", async () => {
    await world.publish(
      world.opened(
        { caseId: newCase(), timeline: wall },
        (await now(world.database)) - 3_600_000,
        idleLine("idle", "PT1H"),
      ),
    );
    await waitFor(() => world.published.length > 0);
    const metrics = await (await fetch(`${timer.url}/metrics`)).text();
    expect(metrics).toContain('crossline_timer_firings_total{kind="stall.idle",threshold="100",service="timer"} 1');
    expect(metrics).toMatch(/crossline_timer_lateness_seconds_count\{service="timer"\} 1/);
    for (const name of ["armed", "overtaken_total"]) expect(metrics).toContain(`crossline_timer_${name}`);
    for (const name of ["consumer_lag", "outbox_oldest_seconds", "inbox_standing", "consumer_sequence_gaps_total"]) {
      expect(metrics).toContain(`crossline_${name}`);
    }
    await waitFor(async () => (await get("/health/ready")).status === 200);
    expect((await get("/health/live")).body).toMatchObject({ checks: { consumer: "ok", "due scanner": "ok" } });
  });
});
