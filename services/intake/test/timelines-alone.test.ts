import { setImmediate } from "node:timers/promises";
import { type TimelineReport, parseInstant, topics } from "@crossline/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Place, createTimelineScheduler, retryLater } from "../src/timelines/scheduler.ts";
import { createAwaitCaughtUp } from "../src/timelines/await-caught-up.ts";
import type { OtherServices, TimelineReports } from "../src/services/other-services.ts";
import { timelineStatusOf } from "../src/timelines/status.ts";
import { type World, createWorld } from "./world.ts";

const mark = parseInstant("2026-03-07T14:00:00Z");
const nothing: TimelineReport = { appended: {}, applied: {}, parked: 0, dead: 0 };
const allRead = (count: number) => ({ [topics.case]: count, [topics.clock]: 0, [topics.handoff]: 0 });
const quiet = (count: number): TimelineReports => ({
  intake: { ...nothing, appended: { [topics.case]: count } },
  timer: { ...nothing, applied: allRead(count) },
  routing: { ...nothing, applied: allRead(count) },
  notification: { ...nothing, applied: allRead(count) },
});

test.each<[string, Partial<TimelineReports>, string[]]>([
  ["everything is applied", {}, []],
  [
    "a service has not read all records",
    { routing: { ...nothing, applied: allRead(2) } },
    [`routing: 2 of 3 of ${topics.case}`],
  ],
  [
    "a service does not respond",
    { notification: undefined },
    ["notification: does not respond", `notification: 0 of 3 of ${topics.case}`],
  ],
  [
    "no service has read the timer's event",
    { timer: { ...nothing, applied: allRead(3), appended: { [topics.clock]: 1 } } },
    [
      `intake: 0 of 1 of ${topics.clock}`,
      `routing: 0 of 1 of ${topics.clock}`,
      `notification: 0 of 1 of ${topics.clock}`,
    ],
  ],
  [
    "intake has not read the outcome of a mail",
    { notification: { ...nothing, applied: allRead(3), appended: { [topics.mail]: 1 } } },
    [`intake: 0 of 1 of ${topics.mail}`],
  ],
  [
    "a deadline is before the mark",
    { timer: { ...nothing, applied: allRead(3), earliestDue: "2026-03-07T13:59:59.999Z" } },
    ["timer: a deadline is before the mark"],
  ],
  [
    "a deadline is at the mark",
    { timer: { ...nothing, applied: allRead(3), earliestDue: "2026-03-07T14:00:00Z" } },
    [],
  ],
])("intake calculates the status of a timeline: %s", (_, reports, waitingFor) => {
  const status = timelineStatusOf({ ...quiet(3), ...reports }, mark);
  expect(status.waitingFor).toEqual(waitingFor);
  expect(status.isCaughtUp).toBe(waitingFor.length === 0);
});

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

/** Creates stand-ins that return these reports in order and then repeat the last report. */
function reporting(...reports: TimelineReports[]) {
  let polls = 0;
  const timelineReports = async () => reports[Math.min(polls++, reports.length - 1)] as TimelineReports;
  const services: OtherServices = {
    pressures: async () => [],
    clocksOf: async () => undefined,
    isReader: async () => false,
    customerSteps: async () => undefined,
    findSession: async () => undefined,
    timelineReports,
    timelineReportsWithConsole: timelineReports,
    close: async () => {},
  };
  const { signal } = new AbortController();
  const awaitCaughtUp = createAwaitCaughtUp({ database: world.database, services, observe: () => {}, signal });
  return {
    polls: () => polls,
    wait: (ms: number, mustYield = () => false) =>
      awaitCaughtUp("stp_x", mark, { deadline: performance.now() + ms, mustYield }),
  };
}

test("a timeline is caught up after two equal polls, and not after one poll", async () => {
  const same = reporting(quiet(3));
  expect(await same.wait(1000)).toMatchObject({ isCaughtUp: true });
  expect(same.polls()).toBe(2);
  const moving = reporting(quiet(3), quiet(4), quiet(5));
  expect(await moving.wait(1000)).toMatchObject({ isCaughtUp: true });
  expect(moving.polls()).toBe(4);
});

test("the refusal at the deadline names the records that a service has not applied", async () => {
  const { wait } = reporting({ ...quiet(3), timer: { ...nothing, applied: allRead(1) } });
  expect(await wait(20)).toMatchObject({
    code: "not_quiet",
    facts: { waitingFor: [`timer: 1 of 3 of ${topics.case}`] },
  });
  const silent = reporting({ ...quiet(3), timer: undefined });
  expect(await silent.wait(20)).toMatchObject({ code: "unavailable" });
});

const far = () => performance.now() + 60_000;
const by = (party: string, timeline: string, deadline = far()) => ({ timeline, party, deadline });

test("requests on one timeline run one at a time, in order of arrival, and requests on other timelines do not wait", async () => {
  const scheduler = createTimelineScheduler();
  const done: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = scheduler.runAlone(by("northtel", "a"), async () => {
    await gate.promise;
    done.push("a1");
  });
  const second = scheduler.runAlone(by("northtel", "a"), async () => void done.push("a2"));
  const failing = scheduler.runAlone(by("northtel", "a"), async () => Promise.reject(new Error("no luck")));
  const third = scheduler.runAlone(by("northtel", "a"), async () => void done.push("a3"));
  await scheduler.runAlone(by("northtel", "b"), async () => void done.push("b"));
  expect(done).toEqual(["b"]);
  gate.resolve();
  await Promise.all([first, second, third, expect(failing).rejects.toThrow("no luck")]);
  expect(done).toEqual(["b", "a1", "a2", "a3"]);
});

test("a request on a busy timeline is refused at the request's deadline, and the next request keeps its turn", async () => {
  const scheduler = createTimelineScheduler();
  const done: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = scheduler.runAlone(by("northtel", "a"), async () => {
    await gate.promise;
    done.push("first");
  });
  const late = scheduler.runAlone(by("northtel", "a", performance.now() + 20), async () => void done.push("late"));
  const next = scheduler.runAlone(by("northtel", "a"), async () => void done.push("next"));
  const detail = "Another request is working on a. Try again.";
  expect(await late).toMatchObject({ code: "not_quiet", detail, retryAfterSeconds: 1 });
  expect(done).toEqual([]);
  gate.resolve();
  await Promise.all([first, next]);
  expect(done).toEqual(["first", "next"]);
});

test("a request that gets no place before its deadline is refused as overloaded", async () => {
  const scheduler = createTimelineScheduler({ most: 2 });
  const gate = Promise.withResolvers<void>();
  const long = ["a", "b"].map((timeline) => scheduler.runAlone(by("northtel", timeline), () => gate.promise));
  const refused = await scheduler.runAlone(by("lumen", "c", performance.now() + 20), async () => "never");
  expect(refused).toMatchObject({ code: "overloaded", retryAfterSeconds: 1 });
  const after = scheduler.runAlone(by("lumen", "c"), async () => "in time");
  gate.resolve();
  await Promise.all(long);
  expect(await after).toBe("in time");
});

test("the parties get places in turn, and long work continues at the next turn of its party", async () => {
  const scheduler = createTimelineScheduler({ most: 2, atLeastMs: 0 });
  const ran: string[] = [];
  const work = (name: string, turns: number) => async (place: Place) => {
    ran.push(name);
    await setImmediate();
    return --turns > 0 && place.mustYield() ? retryLater : turns;
  };
  const long = Array.from({ length: 6 }, (_, index) =>
    scheduler.runAlone(by("northtel", `a${index}`), work("long", 20)),
  );
  await setImmediate();
  ran.length = 0;
  expect(await scheduler.runAlone(by("lumen", "b"), work("other", 5))).toBe(0);
  // Northtel's six requests always wait or run. If requests got turns in the order of arrival, Northtel would get six turns before each
  // of Lumen's five turns.
  expect(ran.filter((name) => name === "long").length).toBeLessThanOrEqual(5 * 3);
  expect(ran.filter((name) => name === "other").length).toBe(5);
  await Promise.all(long);
});

test("a request keeps its place if no other request waits for a place", async () => {
  const scheduler = createTimelineScheduler({ most: 1, atLeastMs: 0 });
  expect(await scheduler.runAlone(by("northtel", "a"), async (place) => place.mustYield())).toBe(false);
});

test("a request gives up its place only while its timeline is not caught up", async () => {
  const { polls, wait } = reporting(quiet(3), quiet(4), quiet(4));
  expect(await wait(1000, () => true)).toMatchObject({ isCaughtUp: true });
  expect(polls()).toBe(3);
  const busy = reporting({ ...quiet(3), timer: { ...nothing, applied: allRead(1) } });
  expect(await busy.wait(1000, () => true)).toBe(retryLater);
});
