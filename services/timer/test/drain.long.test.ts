import { type ClockEvent, wall } from "@crossline/contracts";
import { now } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { afterEach, expect, test } from "vitest";
import { createLines } from "@crossline/projection/compiled-lines";
import { batchMax } from "../src/commands/fire-due.ts";
import { startDueScanner } from "../src/workers/due-scanner.ts";
import { idleLine, newCase } from "./records.ts";
import { type World, createWorld, log } from "./world.ts";

const line = idleLine("idle", "PT10S");
const count = 4 * batchMax + 7;

let world: World;
afterEach(() => world.stop());

/** Opens more cases than four batches contain, all due at the same instant. */
async function crowd(dueInMs: number): Promise<string[]> {
  const dueAt = (await now(world.database)) + dueInMs;
  const cases = Array.from({ length: count }, () => newCase());
  await world.publish(world.line(line));
  await world.publish(...cases.map((caseId) => world.opened({ caseId, timeline: wall }, dueAt - 10_000, line)));
  return cases;
}

test("cases that are due at the same instant fire in two lanes, each case once", async () => {
  world = await createWorld();
  const timer = await world.start();
  const cases = await crowd(5_000);
  await waitFor(() => world.published.length >= count);
  await timer.scanned();
  await timer.scanned();
  expect(world.published.length).toBe(count);
  expect(new Set(world.published.map(({ key }) => key))).toEqual(new Set(cases));
});

test("two scanners over the same partitions fire each case once", async () => {
  world = await createWorld();
  const timer = await world.start();
  const cases = await crowd(9_000);
  await timer.stop();
  const fired: ClockEvent[] = [];
  const owned = [0, 1, 2, 3];
  const consumer = { owned: () => owned, fences: () => Promise.resolve(new Set(owned)), caughtUp: () => true };
  const scanners = [1, 2].map(() =>
    startDueScanner({
      database: world.database,
      consumer,
      lines: createLines(),
      log,
      onFired: (events) => void fired.push(...events),
    }),
  );
  await waitFor(() => fired.length + world.published.length >= count, { timeoutMs: 60_000 });
  for (const scanner of scanners) await scanner.passes();
  await Promise.all(scanners.map((scanner) => scanner.stop()));
  const keys = [...fired, ...world.published].map(({ key }) => key);
  expect(keys.length).toBe(count);
  expect(new Set(keys)).toEqual(new Set(cases));
});
