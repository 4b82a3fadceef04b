import { type TimelineReport, newId, topics } from "@crossline/contracts";
import { ageId } from "@crossline/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createAwaitEffects } from "../src/timelines/await-effects.ts";
import type { TimelineReports } from "../src/services/other-services.ts";
import { type World, createWorld, opening, waitFor } from "./world.ts";

let world: World;
let counts: () => Promise<(timeline: string) => TimelineReport>;
beforeAll(async () => {
  world = await createWorld();
  counts = world.standIns.timer.counts;
});
afterAll(() => world.stop());
afterEach(() => {
  for (const standIn of Object.values(world.standIns)) {
    standIn.counts = counts;
    standIn.responses.length = 0;
  }
});

const start = "2026-03-07T14:00:00Z";
const stepped = async () => (await world.northtel.post("/v1/timelines", { kind: "stepped", start })).body.id as string;

/** Makes routing report a record of the timeline as not applied, until `read` is called. */
function unread(): { read(): void; polls(): number } {
  let isRead = false;
  let polls = 0;
  world.standIns.routing.counts = async () => {
    polls++;
    const applied = await counts();
    return (timeline) => (isRead ? applied(timeline) : { ...applied(timeline), applied: { [topics.case]: 99 } });
  };
  return { read: () => (isRead = true), polls: () => polls };
}

test("each read on a stepped timeline waits until the timeline is caught up, and a read on the wall timeline does not wait", async () => {
  const id = await stepped();
  const opened = (await world.northtel.post("/v1/cases", opening({ timeline: id }))).body.id as string;
  const onWall = (await world.northtel.post("/v1/cases", opening())).body.id as string;
  const routing = unread();
  world.standIns.routing.responses.push({ status: 200, headers: { "crossline-timeline": id } });
  const paths = [
    ...["", "/contacts", "/entries", "/handlings", "/dossier", "/handoffs"].map((rest) => `/v1/cases/${opened}${rest}`),
    ...["/v1/cases", "/v1/problems", "/v1/reports/promises", "/v1/queues"].map((path) => `${path}?timeline=${id}`),
  ];
  expect((await world.northtel.get(`/v1/cases/${onWall}`)).headers.get("crossline-at-rest")).toBeNull();
  expect((await world.northtel.get("/v1/cases")).headers.get("crossline-at-rest")).toBeNull();
  expect(routing.polls()).toBe(0);
  const answered: string[] = [];
  const reads = paths.map(async (path) => {
    const response = await world.northtel.get(path);
    answered.push(path);
    return response;
  });
  await waitFor(() => routing.polls() > 5);
  expect(answered).toEqual([]);
  routing.read();
  const responses = await Promise.all(reads);
  expect(responses.map(({ status }) => status)).toEqual(paths.map(() => 200));
  expect(responses.map(({ headers }) => headers.get("crossline-at-rest"))).toEqual(paths.map(() => "true"));
  expect(responses.map(({ headers }) => headers.get("crossline-timeline"))).toEqual(paths.map(() => id));
  // Intake sends this request to the other service twice: the second time after the timeline is caught up.
  expect(world.standIns.routing.passedRequests.filter(({ url }) => url.startsWith("/v1/queues"))).toHaveLength(2);
});

test("if a timeline is not caught up in time, a read gets the current state, and a header reports the delay", async () => {
  const id = await stepped();
  const opened = (await world.northtel.post("/v1/cases", opening({ timeline: id }))).body.id as string;
  unread();
  const response = await world.northtel.get(`/v1/cases/${opened}`);
  expect(response).toMatchObject({ status: 200, body: { id: opened } });
  expect(response.headers.get("crossline-at-rest")).toBe("false");
});

test("a request about another company's timeline is refused without a wait", async () => {
  const id = await stepped();
  const opened = (await world.northtel.post("/v1/cases", opening({ timeline: id }))).body.id as string;
  const routing = unread();
  expect((await world.lumen.get(`/v1/cases/${opened}`)).status).toBe(404);
  expect(routing.polls()).toBe(0);
});

test("a read gets a response between two steps of an advance, even if the advance is very long", async () => {
  const id = await stepped();
  const opened = (await world.northtel.post("/v1/cases", opening({ timeline: id }))).body.id as string;
  let isLong = true;
  world.standIns.timer.counts = async () => {
    const applied = await counts();
    const { mark } = (await world.northtel.get(`/v1/timelines/${id}`)).body;
    return (timeline) => ({ ...applied(timeline), ...(isLong && { earliestDue: mark }) });
  };
  const advance = world.northtel.post(`/v1/timelines/${id}/advance`, { to: "2027-03-07T14:00:00Z" });
  await waitFor(async () => (await world.northtel.get(`/v1/timelines/${id}`)).body.mark !== start);
  const response = await world.northtel.get(`/v1/cases/${opened}`);
  expect(response.headers.get("crossline-at-rest")).toBe("true");
  isLong = false;
  expect(await advance).toMatchObject({ status: 200, body: { mark: "2027-03-07T14:00:00Z" } });
});

const nothing: TimelineReport = { appended: {}, applied: {}, parked: 0, dead: 0 };
const quiet: TimelineReports = { intake: nothing, timer: nothing, routing: nothing, notification: nothing };
const busy: TimelineReports = { ...quiet, timer: { ...nothing, appended: { [topics.clock]: 1 } } };

test("all reads of one timeline share the same polls, and intake polls at most sixteen timelines of a party", async () => {
  const polls = new Map<string, number>();
  let reports = busy;
  const services = {
    timelineReports: async (_: unknown, timeline: string) => {
      polls.set(timeline, (polls.get(timeline) ?? 0) + 1);
      return reports;
    },
  };
  const { signal } = new AbortController();
  const awaitEffects = createAwaitEffects({ database: world.database, services, signal });
  const ids = await Promise.all(Array.from({ length: 17 }, stepped));
  const [last = ""] = ids.splice(16);
  const reads = ids.map((id) => awaitEffects("northtel", id));
  expect(await awaitEffects("northtel", last)).toBe(false);
  const many = Array.from({ length: 200 }, () => awaitEffects("northtel", ids[0] ?? ""));
  const others = awaitEffects("lumen", last);
  reports = quiet;
  expect(await Promise.all([...reads, ...many, others])).toEqual(Array(217).fill(true));
  expect(polls.get(ids[0] ?? "")).toBeLessThan(50);
  expect(await awaitEffects("northtel", newId("stp"))).toBe(false);
});

test("the wait of a read ends after two moves of the mark, and not after one move", async () => {
  const id = await stepped();
  let polls = 0;
  const services = {
    timelineReports: async () => {
      polls++;
      return busy;
    },
  };
  const { signal } = new AbortController();
  let isAtRest: boolean | undefined;
  const read = createAwaitEffects({ database: world.database, services, signal })("northtel", id);
  void read.then((response) => (isAtRest = response));
  const move = async () => {
    const before = polls;
    await waitFor(() => polls > before + 1);
    await world.database.query({ text: "update timeline set marks = marks + 1 where id = $1", values: [id] });
  };
  await move();
  await move();
  expect(isAtRest).toBeUndefined();
  expect(await read).toBe(true);
});

test("a poll that began before a read does not end the wait of that read", async () => {
  const id = await stepped();
  const gate = Promise.withResolvers<TimelineReports>();
  const responses = [Promise.resolve(busy), gate.promise];
  const starts: number[] = [];
  const services = { timelineReports: () => (starts.push(starts.length), responses.shift() ?? Promise.resolve(quiet)) };
  const { signal } = new AbortController();
  const awaitEffects = createAwaitEffects({ database: world.database, services, signal });
  const first = awaitEffects("northtel", id);
  await waitFor(() => starts.length === 2);
  const second = awaitEffects("northtel", id);
  gate.resolve(quiet); // The poll that ends here began before the second read.
  let atFirst = 0;
  void first.then(() => (atFirst = starts.length));
  expect(await Promise.all([first, second])).toEqual([true, true]);
  expect(atFirst).toBeLessThan(starts.length);
});

test("a vendor's read of the clocks of an old case waits until the timer has applied the crossing", async () => {
  const id = ageId(newId("cs"), 60_000);
  const ask = async () => (await world.orchard.get(`/v1/cases/${id}/clocks`)).status;
  const { timer, routing } = world.standIns;
  const reset = routing.reads;
  timer.responses.push({ status: 404 }, { status: 404 }, { status: 404 }, { status: 200 });
  routing.reads = (caseId, party) => caseId === id && party === "orchard";
  expect(await ask()).toBe(200);
  timer.responses.splice(0, 9, { status: 404 }, { status: 200 });
  routing.reads = reset;
  expect(await ask()).toBe(404);
});
