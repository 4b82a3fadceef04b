import { type CalendarDocument, newId } from "@crossline/contracts";
import { createLogger } from "@crossline/service";
import { waitFor } from "@crossline/testing";
import { afterEach, expect, test } from "vitest";
import { at, idleLine, newCase } from "./records.ts";
import { type World, advance, createWorld } from "./world.ts";

let world: World;
afterEach(() => world.stop());

const line = { ...idleLine("hours", "PT2H"), calendar: "care" };
const saturdayAndMonday: CalendarDocument = {
  calendar: "care",
  zone: "America/Toronto",
  week: { sat: ["08:00-10:00"], mon: ["08:00-10:00"] },
};

function pinned(document: Partial<CalendarDocument> = {}) {
  return {
    care: {
      ref: { party: "northtel", name: "care", version: 3 },
      document: { ...saturdayAndMonday, ...document },
    },
  };
}

/** Opens a case on Saturday at 09:00, and returns the firings of the case until Tuesday. */
async function firings(options: Parameters<World["start"]>[0] = {}, calendars = pinned()): Promise<string[]> {
  world = await createWorld();
  const timer = await world.start(options);
  const timeline = newId("stp");
  const caseId = newCase();
  await world.publish(world.line(line, calendars));
  await world.publish(...world.marks(timeline, at("09:00")));
  await world.publish(world.opened({ caseId, timeline }, at("09:00"), line));
  await advance(world, timer, timeline, at("09:00") + 3 * 86_400_000);
  await waitFor(() => world.fired(caseId).length > 0);
  return world.fired(caseId);
}

test("a clock counts the open hours of the pinned calendar, also over the change to summer time", async () => {
  // The clock counts an hour on Saturday and an hour on Monday. Summer time began on Sunday, but the expected text is in winter time.
  expect(await firings()).toEqual(["9th 08:00:00 idle-pt2h 100"]);
});

test("an exception of the calendar moves a deadline", async () => {
  const holiday = pinned({ exceptions: [{ date: "2026-03-07", open: ["09:00-09:15", "20:00-22:00"] }] });
  expect(await firings({}, holiday)).toEqual(["7th 21:45:00 idle-pt2h 100"]);
});

test("⚠ a calendar that never opens counts as 24x7, with an alarm", async () => {
  const logged: Record<string, unknown>[] = [];
  const log = createLogger("timer", "info", { write: (text) => void logged.push(JSON.parse(text)) });
  expect(await firings({ log }, pinned({ week: {} }))).toEqual(["7th 11:00:00 idle-pt2h 100"]);
  expect(logged.filter(({ level }) => level === "error")).toMatchObject([
    { calendar: "northtel/care@3", msg: "alarm: a calendar of a line never opens; it counts as 24x7" },
  ]);
});
