import { type Message, newId } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { afterEach, expect, test } from "vitest";
import { idleLine, newCase, rep } from "./records.ts";
import { type World, createWorld } from "./world.ts";

const line = idleLine("observe", "PT24H", "PT72H");
const hour = 3_600_000;
const start = Date.UTC(2016, 1, 29);

let world: World;
afterEach(() => world.stop());

/** Creates the events of one case at these hours after the start. */
function history(timeline: string, caseId: string, hours: readonly number[]): Message[] {
  return hours.map((passed, index) =>
    index === 0
      ? world.opened({ caseId, timeline }, start + passed * hour, line, { status: "inProgress" })
      : world.event({ caseId, timeline }, start + passed * hour, "case.recorded", { actor: rep, status: "inProgress" }),
  );
}

/** Returns the clocks that fired, in order. */
function clocksOf(caseId: string): (string | undefined)[] {
  return world.fired(caseId).map((fired) => fired.split(" ")[2]);
}

test("on an import, thresholds between events fire at once; thresholds after the last event fire only before the mark", async () => {
  world = await createWorld();
  const timer = await world.start();
  const timeline = newId("imp");
  await world.publish(world.line(line));
  const [quiet, busy, silent] = [newCase(), newCase(), newCase()];
  await world.publish(
    ...history(timeline, quiet, [0, 30, 40, 140]),
    ...history(timeline, busy, [0, 24, 48, 72]), // an event after exactly 24 h is in time
    ...history(timeline, silent, [0]),
  );
  await timer.scanned();
  await waitFor(() => clocksOf(quiet).length >= 3);
  expect(clocksOf(quiet)).toEqual(["idle-pt24h", "idle-pt24h", "idle-pt72h"]);
  expect([world.fired(busy), world.fired(silent)]).toEqual([[], []]);

  await world.publish(...world.marks(timeline, start + 200 * hour));
  await waitFor(() => world.fired(silent).length >= 2 && world.fired(busy).length >= 2);
  await waitFor(() => world.fired(quiet).length >= 4);
  await timer.scanned();
  expect(clocksOf(silent)).toEqual(["idle-pt24h", "idle-pt72h"]);
  expect(clocksOf(busy)).toEqual(["idle-pt24h", "idle-pt72h"]);
  expect(clocksOf(quiet)).toEqual(["idle-pt24h", "idle-pt24h", "idle-pt72h", "idle-pt24h"]);
});

test("after a restart, deadlines before an earlier mark fire", async () => {
  world = await createWorld();
  const first = await world.start();
  const timeline = newId("imp");
  await world.publish(world.line(line));
  const cases = Array.from({ length: 30 }, () => newCase());
  await world.publish(...cases.flatMap((caseId) => history(timeline, caseId, [0])));
  await first.stop();
  await world.database.query({
    text: `insert into timeline_mark (timeline, partition, mark) select $1, generate_series(0, 3), $2::timestamptz`,
    values: [timeline, new Date(start + 48 * hour).toISOString()],
  });
  await world.start();
  await waitFor(() => cases.every((caseId) => world.fired(caseId).length > 0));
  expect(cases.map((caseId) => world.fired(caseId).length)).toEqual(Array(30).fill(1));
});

test("if a case arrives after the mark, the thresholds that were due before the mark fire at once", async () => {
  world = await createWorld();
  await world.start();
  const timeline = newId("stp");
  const caseId = newCase();
  await world.publish(world.line(line));
  await world.publish(...world.marks(timeline, start + 25 * hour));
  await world.publish(...history(timeline, caseId, [0]));
  await waitFor(() => world.fired(caseId).length > 0);
  expect(clocksOf(caseId)).toEqual(["idle-pt24h"]);
});
