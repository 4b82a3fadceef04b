import { newId } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { afterEach, expect, test } from "vitest";
import { at, busyLine, idleLine, newCase } from "./records.ts";
import { type World, advance, createWorld, report, storedDue } from "./world.ts";

let world: World;
afterEach(() => world.stop());

test("during a long call on a stepped timeline, each threshold of a clock fires once, exactly at its deadline", async () => {
  world = await createWorld();
  const timer = await world.start();
  const timeline = newId("stp");
  const caseId = newCase();
  const handling = { handlingId: "hd_1", channel: "phone" };
  await world.publish(world.line(busyLine));
  await world.publish(...world.marks(timeline, at("09:00")));
  await world.publish(world.opened({ caseId, timeline }, at("09:00"), busyLine));
  await world.publish(world.event({ caseId, timeline }, at("09:00"), "handling.started", handling));
  for (let time = at("09:01"); time <= at("09:25"); time += 60_000) {
    await advance(world, timer, timeline, time);
    await world.publish(world.event({ caseId, timeline }, time, "handling.continued", handling));
  }
  await advance(world, timer, timeline, at("12:00"));
  await waitFor(() => world.fired(caseId).length >= 5);
  expect(world.fired(caseId)).toEqual([
    "7th 09:10:00 stall.busy 50",
    "7th 09:15:00 stall.busy 75",
    "7th 09:18:00 stall.busy 90",
    "7th 09:20:00 stall.busy 100",
    "silent hd_1", // No heartbeat came after 09:25.
  ]);
  const breach = world.published.findLast(({ type }) => type === "clock.breached");
  expect(breach).toMatchObject({ type: "clock.breached", time: at("09:20"), timeline, data: { charged: "northtel" } });
  expect(breach?.data).not.toHaveProperty("latenessMs");
});

test("a mark at the deadline fires nothing, and a mark one millisecond later fires", async () => {
  world = await createWorld();
  const timer = await world.start();
  const timeline = newId("stp");
  const caseId = newCase();
  await world.publish(world.line(busyLine));
  await world.publish(
    world.opened({ caseId, timeline }, at("09:00"), busyLine),
    world.event({ caseId, timeline }, at("09:00"), "handling.started", { handlingId: "hd_1", channel: "phone" }),
    ...Array.from({ length: 9 }, (_, minute) =>
      world.event({ caseId, timeline }, at("09:01") + minute * 60_000, "handling.continued", {
        handlingId: "hd_1",
        channel: "phone",
      }),
    ),
  );
  await world.publish(...world.marks(timeline, at("09:10")));
  await timer.scanned();
  await timer.scanned();
  expect(world.fired(caseId)).toEqual([]);
  await world.publish(...world.marks(timeline, at("09:10") + 1));
  await waitFor(() => world.fired(caseId).length > 0);
  expect(world.fired(caseId)).toEqual(["7th 09:10:00 stall.busy 50"]);
});

test("events that move a deadline to a later instant leave the stored due instant unchanged; the report contains the exact deadline", async () => {
  world = await createWorld();
  const timer = await world.start();
  const timeline = newId("stp");
  const caseId = newCase();
  const line = idleLine("idle", "PT20M");
  await world.publish(world.line(line));
  await world.publish(world.opened({ caseId, timeline }, at("09:00"), line));
  expect(await storedDue(world, caseId)).toBe(at("09:20"));
  for (const minute of ["09:05", "09:10", "09:15"]) {
    await world.publish(
      world.event({ caseId, timeline }, at(minute), "case.status-changed", { from: "held", to: "inProgress" }),
    );
    expect(await storedDue(world, caseId)).toBe(at("09:20"));
  }
  expect(await report(timer, timeline)).toMatchObject({ earliestDue: "2026-03-07T14:35:00Z" });

  await world.publish(...world.marks(timeline, at("09:30")));
  await waitFor(async () => (await storedDue(world, caseId)) === at("09:35"), {
    what: "the scanner postpones the case",
  });
  expect(world.fired(caseId)).toEqual([]);
});

test("events change no indexed column, so most updates are heap-only (HOT)", async () => {
  world = await createWorld();
  await world.start();
  const timeline = newId("stp");
  const line = idleLine("idle", "PT20M");
  const cases = Array.from({ length: 20 }, () => newCase());
  await world.publish(world.line(line));
  await world.publish(...cases.map((each) => world.opened({ caseId: each, timeline }, at("09:00"), line)));
  const armed = { text: "select count(*)::int as cases, min(due_at) as first, max(due_at) as last from case_clock" };
  const atFirst = await waitFor(async () => {
    const [row] = await world.database.query<{ cases: number }>(armed);
    return row?.cases === 20 ? row : undefined;
  });
  for (const minute of ["09:05", "09:10", "09:15", "09:16", "09:17"]) {
    const data = { from: "held", to: "inProgress" };
    await world.publish(
      ...cases.map((each) => world.event({ caseId: each, timeline }, at(minute), "case.status-changed", data)),
    );
  }
  const { updates, hot } = await waitFor(async () => {
    const found = await readUpdates(world);
    return found.updates >= 100 ? found : undefined;
  });
  expect(await world.database.query(armed)).toEqual([atFirst]);
  // Some updates are not HOT. If an open snapshot keeps old versions, a disk page can become full, and the new version goes to
  // another page.
  expect({ updates, isMostlyHot: hot / updates > 0.5 }).toEqual({ updates: 100, isMostlyHot: true });
});

async function readUpdates({ database }: World): Promise<{ updates: number; hot: number }> {
  const [row] = await database.query<{ updates: number; hot: number }>({
    text: `select n_tup_upd as updates, n_tup_hot_upd as hot from pg_stat_user_tables where relname = 'case_clock'`,
  });
  return row ?? { updates: 0, hot: 0 };
}

test("a report counts appended and applied records, and contains no deadline if no clock has a deadline", async () => {
  world = await createWorld();
  const timer = await world.start();
  const timeline = newId("stp");
  expect(await report(timer, timeline)).toEqual({ appended: {}, applied: {}, parked: 0, dead: 0, lost: 0 });
  await world.publish(world.line(busyLine));
  await world.publish(
    world.opened({ caseId: newCase(), timeline }, at("09:00"), busyLine),
    ...world.marks(timeline, at("09:00")),
  );
  expect(await report(timer, timeline)).toMatchObject({ applied: { "crossline.case.v1": 5 } });
});
