import { type ClockEvent, wall } from "@crossline/contracts";
import { now } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { afterEach, expect, test } from "vitest";
import { createLines } from "@crossline/projection/compiled-lines";
import { type Scanner, startDueScanner } from "../src/workers/due-scanner.ts";
import { idleLine, newCase } from "./records.ts";
import { type World, createWorld, log } from "./world.ts";

const line = idleLine("idle", "PT10S");
const owned = [0, 1, 2, 3];
/** A pause that is longer than every test. If a clock fires during a test, the clock has not waited for the end of the pause. */
const forEverMs = 3_600_000;

let world: World;
let scanner: Scanner | undefined;
/** The ids of the cases that each transaction fired. */
let transactions: string[][];
afterEach(async () => {
  await scanner?.stop();
  await world.stop();
});

/** Stores cases that are due in `dueInMs` milliseconds, and stops the timer before a case fires. */
async function store(
  dueInMs: readonly number[],
  partitions: readonly number[] = [],
): Promise<{ cases: string[]; dueAt: number }> {
  world = await createWorld();
  const timer = await world.start();
  await world.publish(world.line(line));
  const start = await now(world.database);
  const cases = dueInMs.map((_, index) => newCase(partitions[index]));
  await world.publish(
    ...cases.map((caseId, index) =>
      world.opened({ caseId, timeline: wall }, start + (dueInMs[index] ?? 0) - 10_000, line),
    ),
  );
  await timer.stop();
  expect(world.published).toEqual([]);
  return { cases, dueAt: start + Math.max(...dueInMs) };
}

function scan(pauseAfter: () => number): void {
  transactions = [];
  const consumer = { owned: () => owned, fences: () => Promise.resolve(new Set(owned)), caughtUp: () => true };
  const onFired = (events: readonly ClockEvent[]) => {
    if (events.length > 0) transactions.push(events.map(({ key }) => key));
  };
  scanner = startDueScanner({ database: world.database, consumer, lines: createLines(), log, onFired }, pauseAfter);
}

const isPast = (instant: number) => async (): Promise<boolean> => (await now(world.database)) > instant;

test("the first case fires without a delay; cases that come due during the next pause fire in one transaction", async () => {
  const { cases, dueAt } = await store([5_000, 6_500, 6_510, 6_520, 6_530]);
  scan(() => forEverMs);
  await waitFor(() => transactions.length > 0);
  // A new deadline does not end the pause.
  const armed = owned.map((partition) => ({ timeline: wall, partition, dueAt: dueAt - 1_500 }));
  scanner?.takeHints({ armed, behindMark: [] });
  await waitFor(isPast(dueAt));
  expect(transactions).toEqual([[cases[0]]]);
  scanner?.wake();
  await waitFor(() => transactions.length > 1);
  expect(transactions.map((keys) => keys.toSorted())).toEqual([[cases[0]], cases.slice(1).toSorted()]);
});

test("without a pause the next case fires at its deadline", async () => {
  const { cases } = await store([4_000, 4_500]);
  scan(() => 0);
  await waitFor(() => transactions.flat().length > 1);
  expect(transactions.flat()).toEqual(cases);
});

test("a backlog fires without a pause, even if almost all due cases are in one partition", async () => {
  // If all four partitions have due cases, each gets 250 of a batch of 1,000.
  const partitions = [0, 2, 3, ...Array.from({ length: 300 }, () => 1)];
  const { cases } = await store(
    partitions.map(() => 5_000),
    partitions,
  );
  scan(() => forEverMs);
  await waitFor(() => transactions.flat().length === cases.length);
  expect(transactions.flat().toSorted()).toEqual(cases.toSorted());
});
