import { type TimelineReport, parseInstant, topics } from "@crossline/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDrive } from "../src/workers/drive.ts";
import { createAwaitQuiet } from "../src/workers/quiet.ts";
import type { Peers } from "../src/workers/timeline-reports.ts";
import { type Reports, standingOf } from "../src/workers/timeline-standing.ts";
import { type World, createWorld } from "./world.ts";

const mark = parseInstant("2026-03-07T14:00:00Z");
const nothing: TimelineReport = { appended: {}, applied: {}, parked: 0, dead: 0 };
const allRead = (count: number) => ({ [topics.case]: count, [topics.clock]: 0, [topics.handoff]: 0 });
const quiet = (count: number): Reports => ({
  intake: { ...nothing, appended: { [topics.case]: count } },
  timer: { ...nothing, applied: allRead(count) },
  routing: { ...nothing, applied: allRead(count) },
  notification: { ...nothing, applied: allRead(count) },
});

test.each<[string, Partial<Reports>, string[]]>([
  ["everything is applied", {}, []],
  ["one has not read", { routing: { ...nothing, applied: allRead(2) } }, [`routing: 2 of 3 of ${topics.case}`]],
  [
    "one does not answer",
    { notification: undefined },
    ["notification: does not answer", `notification: 0 of 3 of ${topics.case}`],
  ],
  [
    "the timer told something that nobody has read",
    { timer: { ...nothing, applied: allRead(3), appended: { [topics.clock]: 1 } } },
    [
      `intake: 0 of 1 of ${topics.clock}`,
      `routing: 0 of 1 of ${topics.clock}`,
      `notification: 0 of 1 of ${topics.clock}`,
    ],
  ],
  [
    "something is due before the mark",
    { timer: { ...nothing, applied: allRead(3), earliestDue: "2026-03-07T13:59:59.999Z" } },
    ["timer: something is due before the mark"],
  ],
  [
    "something is due at the mark",
    { timer: { ...nothing, applied: allRead(3), earliestDue: "2026-03-07T14:00:00Z" } },
    [],
  ],
])("a timeline's standing: %s", (_, reports, waitingFor) => {
  const standing = standingOf({ ...quiet(3), ...reports }, mark);
  expect(standing.waitingFor).toEqual(waitingFor);
  expect(standing.isQuiet).toBe(waitingFor.length === 0);
});

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

/** Parts that report one thing after the other, and the last one for ever. */
function reporting(...reports: Reports[]) {
  let looks = 0;
  const peers: Peers = {
    pressures: async () => [],
    clocksOf: async () => undefined,
    look: async () => reports[Math.min(looks++, reports.length - 1)] as Reports,
    close: async () => {},
  };
  const { signal } = new AbortController();
  const awaitQuiet = createAwaitQuiet({ database: world.database, peers, observe: () => {}, signal });
  return { looks: () => looks, wait: (ms: number) => awaitQuiet("stp_x", mark, performance.now() + ms) };
}

test("two looks that agree are proof, and no fewer", async () => {
  const same = reporting(quiet(3));
  expect(await same.wait(1000)).toMatchObject({ isQuiet: true });
  expect(same.looks()).toBe(2);
  const moving = reporting(quiet(3), quiet(4), quiet(5));
  expect(await moving.wait(1000)).toMatchObject({ isQuiet: true });
  expect(moving.looks()).toBe(4);
});

test("at the deadline it says what it waits for", async () => {
  const { wait } = reporting({ ...quiet(3), timer: { ...nothing, applied: allRead(1) } });
  expect(await wait(20)).toMatchObject({
    code: "not_quiet",
    facts: { waitingFor: [`timer: 1 of 3 of ${topics.case}`] },
  });
  const silent = reporting({ ...quiet(3), timer: undefined });
  expect(await silent.wait(20)).toMatchObject({ code: "unavailable" });
});

test("one at a time works on a timeline, in order of arrival; others do not wait for it", async () => {
  const drive = createDrive();
  const done: string[] = [];
  const gate = Promise.withResolvers<void>();
  const far = performance.now() + 60_000;
  const first = drive.alone("a", far, async () => {
    await gate.promise;
    done.push("a1");
  });
  const second = drive.alone("a", far, async () => void done.push("a2"));
  const failing = drive.alone("a", far, async () => Promise.reject(new Error("no luck")));
  const third = drive.alone("a", far, async () => void done.push("a3"));
  await drive.alone("b", far, async () => void done.push("b"));
  expect(done).toEqual(["b"]);
  gate.resolve();
  await Promise.all([first, second, third, expect(failing).rejects.toThrow("no luck")]);
  expect(done).toEqual(["b", "a1", "a2", "a3"]);
});

test("who comes too late for a timeline is told so", async () => {
  const drive = createDrive();
  const gate = Promise.withResolvers<void>();
  const first = drive.alone("a", performance.now() + 60_000, () => gate.promise);
  const late = drive.alone("a", performance.now() - 1, async () => "never");
  gate.resolve();
  await first;
  expect(await late).toMatchObject({ code: "not_quiet" });
});
