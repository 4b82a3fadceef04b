import { type EventOf, type ReceivedEvent, parseEvent, topics, wall } from "@crossline/contracts";
import { builtinLine } from "@crossline/domain";
import { now } from "@crossline/postgres";
import { afterEach, expect, test } from "vitest";
import { applyCaseEvents } from "../src/consumers/case-events.ts";
import type { CaseInput } from "../src/consumers/case-input.ts";
import { readClockless } from "../src/store/clockless-cases.ts";
import { readAlarmCounts } from "../src/store/metrics.ts";
import { insertLines } from "@crossline/projection";
import { createLines } from "@crossline/projection/compiled-lines";
import { recheckClockless } from "../src/commands/clockless.ts";
import { idleLine, newCase } from "./records.ts";
import { type World, createWorld } from "./world.ts";

let world: World;
afterEach(() => world.stop());

const line = idleLine("idle", "PT1H");
const clockless = () => readClockless(world.database, 10);

test("the timer lists an open case that loses its last clock, until the case has a clock again", async () => {
  world = await createWorld();
  const caseId = newCase();
  const opened = { ...world.opened({ caseId, timeline: wall }, await now(world.database), line), partition: 0 };
  const event = {
    ...opened,
    id: "e-1",
    data: parseEvent("case.opened", opened.data),
  } as ReceivedEvent<"case.opened"> satisfies CaseInput;
  // A case lacks a necessary clock only if a rule is faulty, so the test uses a line without clocks.
  const broken = { ...createLines(), load: async () => {}, get: () => ({ ...builtinLine, clocks: [] }) };
  await world.database.transaction((tx) => applyCaseEvents(tx, broken, [event]));
  expect(await clockless()).toEqual([caseId]);

  const sound = { ...broken, get: () => builtinLine };
  await recheckClockless(world.database, sound);
  expect(await clockless()).toEqual([caseId]); // The case still has no clock.

  const contacted = {
    ...world.event({ caseId, timeline: wall }, opened.time + 1, "case.contacted", { direction: "inbound" }),
    id: "e-2",
  };
  await world.database.transaction((tx) =>
    applyCaseEvents(tx, sound, [{ ...contacted, topic: topics.case, partition: 0 } as CaseInput]),
  );
  await recheckClockless(world.database, sound);
  expect(await clockless()).toEqual([]);
});

test("a scrape reports the number of cases without a clock and the age of the earliest due deadline", async () => {
  world = await createWorld();
  const timer = await world.start();
  const metric = async (name: string) => {
    const text = await (await fetch(`${timer.url}/metrics`)).text();
    return Number(new RegExp(`^crossline_timer_${name}\\{[^}]*\\} (.+)$`, "m").exec(text)?.[1]);
  };
  expect(await metric("clockless_cases")).toBe(0);
  await world.database.query({ text: "insert into clockless_case (case_id) values ('cs_lost')" });
  expect(await metric("clockless_cases")).toBe(1);
  expect(await metric("overdue_seconds")).toBe(0);
});

test("the age of an overdue deadline is reported even if no process owns its partition", async () => {
  world = await createWorld();
  const opened = {
    ...world.opened(
      { caseId: newCase(), timeline: wall },
      (await now(world.database)) - 90_000,
      idleLine("idle", "PT10S"),
    ),
  };
  const lines = createLines();
  const { data } = world.line(idleLine("idle", "PT10S"));
  await insertLines(world.database, [data as EventOf<"line.published">["data"]]);
  await world.database.transaction((tx) =>
    applyCaseEvents(tx, lines, [
      {
        ...opened,
        id: "e-1",
        partition: 2,
        data: parseEvent("case.opened", opened.data),
      } as ReceivedEvent<"case.opened">,
    ]),
  );
  const { overdueSeconds } = await readAlarmCounts(world.database, 3);
  expect(overdueSeconds).toBeGreaterThan(79);
  expect(overdueSeconds).toBeLessThan(110);
});
