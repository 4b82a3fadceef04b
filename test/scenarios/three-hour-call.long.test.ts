import type { LineDocument } from "@crossline/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { handheld } from "./handheld-line.ts";
import { type Stage, openStage } from "./stage.ts";

/* Variations of story 1 with more than a hundred commands. */

const idleOnly = (vendor: string): LineDocument => ({
  ...handheld(vendor),
  line: "idle-only",
  clocks: [{ kind: "stall.idle", target: "PT2H", warnAt: [] }],
});

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

test("a hundred notes, status changes and reads are not progress, so the breach stays at 09:20", async () => {
  const story = await stage.story(handheld);
  await story.open();
  for (let minute = 1; minute < 20; minute++) {
    await story.talkUntil(`09:${String(minute).padStart(2, "0")}`);
    for (let note = 0; note < 5; note++) await story.write({ kind: "note", text: `still checking ${minute}.${note}` });
    await story.cast.carrier.post(`${story.path}/status`, { status: minute % 2 === 0 ? "inProgress" : "held" });
    await story.read();
  }
  await story.talkUntil("09:21");
  expect((await story.fired()).filter((fired) => fired.endsWith("100"))).toEqual(["09:20:00 stall.busy 100"]);
});

test("a line with only an inactivity clock has no firing before noon", async () => {
  const story = await stage.story(idleOnly);
  await story.open();
  await story.talkUntil("12:00");
  expect(await story.fired()).toEqual([]);
  expect(await story.handoffs()).toEqual([]);
  await story.hangUp();
  await story.advance("14:01");
  expect(await story.fired()).toContain("14:00:00 stall.idle 100");
});

test("a tried step every 19 minutes cannot extend the call beyond the limit of 45 minutes", async () => {
  const story = await stage.story(handheld);
  await story.open();
  for (const [index, time] of ["09:19", "09:38"].entries()) {
    await story.talkUntil(time);
    await story.write({ kind: "step-tried", step: { name: `step-${index}`, outcome: "failed" } });
  }
  await story.talkUntil("09:46");
  expect((await story.fired()).filter((fired) => fired.endsWith("100"))).toEqual(["09:45:00 handling.limit 100"]);
  expect(await story.handoffs()).toHaveLength(1);
});

test("a case that closes at its deadline does not breach; a case that closes later keeps its breach, and its offer is withdrawn", async () => {
  const inTime = await stage.story(handheld);
  await inTime.open();
  await inTime.talkUntil("09:20");
  await inTime.cast.carrier.post(`${inTime.path}/close`, { note: "customer hung up" });
  await inTime.advance("12:00");
  expect((await inTime.fired()).filter((fired) => fired.endsWith("100"))).toEqual([]);
  expect(await inTime.handoffs()).toEqual([]);

  const late = await stage.story(handheld);
  await late.open();
  await late.talkUntil("09:20");
  await late.advance("09:20:01");
  await late.cast.carrier.post(`${late.path}/close`, { note: "customer hung up" });
  await late.advance("12:00");
  expect((await late.fired()).filter((fired) => fired.endsWith("100"))).toEqual(["09:20:00 stall.busy 100"]);
  expect((await late.handoffs()).map(({ phase }) => phase)).toEqual(["withdrawn"]);
  expect(await late.queue("handheld")).toEqual([]);
});
