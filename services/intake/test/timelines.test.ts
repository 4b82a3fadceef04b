import { type TimelineReport, topics } from "@crossline/contracts";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type World, createWorld, internalKey, opening, partitions, waitFor } from "./world.ts";

let world: World;
let counts: () => Promise<(timeline: string) => TimelineReport>;
beforeAll(async () => {
  world = await createWorld();
  counts = world.standIns.timer.counts;
});
afterAll(() => world.stop());
afterEach(() => {
  for (const standIn of Object.values(world.standIns)) standIn.counts = counts;
});

const start = "2026-03-07T09:00:00-05:00";
const at = (seconds: number) =>
  Temporal.Instant.from(start)
    .add({ milliseconds: Math.round(seconds * 1000) })
    .toString();
const stepped = async () => (await world.northtel.post("/v1/timelines", { kind: "stepped", start })).body.id as string;
const marksOf = (timeline: string) =>
  world.events.filter((event) => event.type === "timeline.marked" && event.timeline === timeline);

test("a stepped timeline begins at its start instant, and its commands happen at the mark", async () => {
  const id = await stepped();
  expect(await world.northtel.get(`/v1/timelines/${id}`)).toMatchObject({
    status: 200,
    body: { id, kind: "stepped", owner: "northtel", mark: at(0) },
  });
  const opened = await world.northtel.post("/v1/cases", opening({ timeline: id, carrierCaseId: "S-1" }));
  expect(opened).toMatchObject({ status: 201, body: { timeline: id, openedAt: at(0), at: at(0) } });
  const moved = await world.northtel.post(`/v1/timelines/${id}/advance`, { to: at(60) });
  expect(moved).toMatchObject({ status: 200, body: { mark: at(60), steps: 1, parked: 0, dead: 0 } });
  const noted = await world.northtel.post(`/v1/cases/${opened.body.id}/entries`, { kind: "note", text: "hm" });
  expect(noted).toMatchObject({ status: 201, body: { at: at(60) } });
  const read = await world.northtel.get(`/v1/cases/${opened.body.id}`);
  expect(read.body).toMatchObject({
    at: at(60),
    timesByHolder: { northtel: 60_000 },
    durationsByHolder: { northtel: "PT1M" },
  });
  expect(new Set(marksOf(id).map(({ partition }) => partition))).toEqual(new Set([0, 1, 2]));
  expect((await world.northtel.get(`/v1/cases?timeline=${id}`)).body.items).toHaveLength(1);
  expect((await world.northtel.get("/v1/cases?carrierCaseId=S-1")).body.items).toEqual([]);
});

test("an advance moves the mark 1 ms past each deadline, and never backwards", async () => {
  const id = await stepped();
  const due = [at(600), at(1200), at(1200.5), at(1800), at(1800.001)];
  const answered: string[] = [];
  world.standIns.timer.counts = async () => {
    const applied = await counts();
    const { mark } = (await world.northtel.get(`/v1/timelines/${id}`)).body;
    answered.push(mark);
    const left = due.filter((each) => Temporal.Instant.compare(each, mark) >= 0);
    return (timeline) => ({ ...applied(timeline), ...(left[0] !== undefined && { earliestDue: left[0] }) });
  };
  const moved = await world.northtel.post(`/v1/timelines/${id}/advance`, { to: at(1800) });
  expect(moved.body).toMatchObject({ mark: at(1800), steps: 4 });
  expect([...new Set(answered)]).toEqual([at(0), at(600.001), at(1200.001), at(1200.501), at(1800)]);
  await waitFor(() => marksOf(id).length === 5 * partitions);
  const back = await world.northtel.post(`/v1/timelines/${id}/advance`, { to: at(1799) });
  expect(back).toMatchObject({ status: 409, body: { code: "too_early", mark: at(1800), fields: [{ at: "/to" }] } });
});

test("a command waits until the timeline is caught up", async () => {
  const id = await stepped();
  let isCaughtUp = false;
  world.standIns.routing.counts = async () => {
    const applied = await counts();
    return (timeline) => (isCaughtUp ? applied(timeline) : { ...applied(timeline), applied: { [topics.case]: 99 } });
  };
  const opened = world.northtel.post("/v1/cases", opening({ timeline: id }));
  await waitFor(() => world.standIns.routing.requestCount > 5);
  const before = await world.database.query({ text: "select 1 from case_record where timeline = $1", values: [id] });
  expect(before).toEqual([]);
  isCaughtUp = true;
  expect((await opened).status).toBe(201);
});

test("an advance reports parked cases and continues", async () => {
  const id = await stepped();
  world.standIns.notification.counts = async () => {
    const applied = await counts();
    return (timeline) => ({ ...applied(timeline), parked: 2, dead: 1 });
  };
  const moved = await world.northtel.post(`/v1/timelines/${id}/advance`, { to: at(1) });
  expect(moved.body).toMatchObject({ parked: 2, dead: 1 });
});

test("intake refuses every advance and every command on a timeline with lost records", async () => {
  const id = await stepped();
  world.standIns.notification.counts = async () => {
    const applied = await counts();
    return (timeline) => ({ ...applied(timeline), lost: 2 });
  };
  const moved = await world.northtel.post(`/v1/timelines/${id}/advance`, { to: at(1) });
  expect(moved).toMatchObject({ status: 409, body: { code: "timeline_broken", lost: 2 } });
  expect(await world.northtel.post("/v1/cases", opening({ timeline: id }))).toMatchObject({
    status: 409,
    body: { code: "timeline_broken" },
  });
});

test("intake executes the commands of one timeline one after the other", async () => {
  const id = await stepped();
  const opened = await world.northtel.post("/v1/cases", opening({ timeline: id }));
  const path = `/v1/cases/${opened.body.id}/entries`;
  const all = await Promise.all([
    ...Array.from({ length: 8 }, (_, index) => world.northtel.post(path, { kind: "note", text: `note ${index}` })),
    world.northtel.post(`/v1/timelines/${id}/advance`, { to: at(5) }),
    world.northtel.post(`/v1/timelines/${id}/advance`, { to: at(5) }),
  ]);
  expect(all.map(({ status }) => status)).toEqual([...Array.from({ length: 8 }, () => 201), 200, 200]);
  const versions = all.slice(0, 8).map(({ body }) => body.version as number);
  expect(versions.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
});

test("only the owner of a timeline advances, reads or uses it", async () => {
  const id = await stepped();
  expect(await world.lumen.get(`/v1/timelines/${id}`)).toMatchObject({ status: 404 });
  expect(await world.lumen.post("/v1/cases", opening({ timeline: id }))).toMatchObject({ status: 404 });
  expect(await world.lumen.post(`/v1/timelines/${id}/advance`, { to: at(9) })).toMatchObject({ status: 404 });
  const shared = (await world.operator.post("/v1/timelines", { kind: "stepped", start, parties: ["northtel"] })).body
    .id;
  expect((await world.northtel.post("/v1/cases", opening({ timeline: shared }))).status).toBe(201);
  expect((await world.lumen.post("/v1/cases", opening({ timeline: shared }))).status).toBe(404);
  expect((await world.northtel.post(`/v1/timelines/${shared}/advance`, { to: at(9) })).status).toBe(403);
  expect((await world.operator.post(`/v1/timelines/${shared}/advance`, { to: at(9) })).status).toBe(200);
  expect((await world.orchard.post("/v1/timelines", { kind: "stepped" })).status).toBe(403);
  expect((await world.operator.post("/v1/timelines", { kind: "import" })).status).toBe(403);
});

test("no party can advance the wall timeline", async () => {
  expect((await world.northtel.get("/v1/timelines/wall")).body).toEqual({
    id: "wall",
    kind: "wall",
    owner: "operator",
  });
  expect(await world.northtel.post("/v1/timelines/wall/advance", { to: at(9) })).toMatchObject({ status: 400 });
});

test("another service can wait until a timeline is caught up, and gets the mark of the timeline", async () => {
  const id = await stepped();
  const ask = (timeline: string) =>
    world.operator.send("POST", `/internal/timelines/${timeline}/quiet`, {
      headers: { authorization: `Bearer ${internalKey}` },
    });
  expect(await ask(id)).toMatchObject({ status: 200, body: { mark: at(0) } });
  expect(await ask("wall")).toMatchObject({ status: 409, body: { code: "timeline_ended" } });
  expect((await world.operator.send("POST", `/internal/timelines/${id}/quiet`)).status).toBe(401);
});

test("a repeated advance gets the first response", async () => {
  const id = await stepped();
  const key = { "idempotency-key": "once" };
  const first = await world.northtel.post(`/v1/timelines/${id}/advance`, { to: at(30) }, key);
  const again = await world.northtel.post(`/v1/timelines/${id}/advance`, { to: at(30) }, key);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  const other = await world.northtel.post(`/v1/timelines/${id}/advance`, { to: at(31) }, key);
  expect(other).toMatchObject({ status: 422, body: { code: "idempotency_mismatch" } });
});
