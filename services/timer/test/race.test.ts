import { type Message, type ReceivedEvent, wall } from "@crossline/contracts";
import { partitionOf } from "@crossline/messaging";
import { type Tx, now } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { afterEach, expect, test } from "vitest";
import { applyCaseEvents } from "../src/consumers/case-events.ts";
import type { CaseInput } from "../src/consumers/case-input.ts";
import { fromStored, lineOf, lockCases, moveUnchanged } from "../src/store/case-clocks.ts";
import { readDue } from "../src/store/due-cases.ts";
import { createLines } from "@crossline/projection/compiled-lines";
import { type FiringResult, fireDue } from "../src/commands/fire-due.ts";
import { idleLine, newCase, partitions } from "./records.ts";
import { type World, createWorld, log } from "./world.ts";

const line = idleLine("race", "PT1H", "PT2H");
const owned = Array.from({ length: partitions }, (_, partition) => partition);

let world: World;
afterEach(() => world.stop());

/** Stores cases with a clock that has not fired, and stops the timer. */
async function armed(count: number): Promise<string[]> {
  world = await createWorld();
  const timer = await world.start();
  const openedAt = await now(world.database);
  const cases = Array.from({ length: count }, () => newCase());
  await world.publish(world.line(line));
  await world.publish(...cases.map((caseId) => world.opened({ caseId, timeline: wall }, openedAt, line)));
  await waitFor(async () => (await stored()) === count);
  await timer.stop();
  return cases;
}

async function stored(): Promise<number> {
  const [row] = await world.database.query<{ count: number }>({ text: "select count(*) from case_clock" });
  return row?.count ?? 0;
}

/**
 * Moves the last event and the due instant of each case back by 90 minutes. All other stored instants move too, because each is a
 * difference from the last event.
 */
async function letTimePass(): Promise<void> {
  const text = `
    update case_clock
    set last_event_at = last_event_at - interval '90 minutes', due_at = due_at - interval '90 minutes'`;
  await world.database.query({ text });
}

const lines = createLines();

function fire(): Promise<FiringResult> {
  const consumer = { fences: () => Promise.resolve(new Set(owned)), caughtUp: () => true };
  const scopes = owned.map((partition) => ({ timeline: wall, partition, low: -Infinity }));
  return fireDue({ database: world.database, consumer, lines, log }, scopes);
}

function received(message: Message): CaseInput {
  const envelope = { id: `${message.key}/${message.sequence}`, partition: partitionOf(message.key, partitions) };
  return { ...message, ...envelope } as ReceivedEvent<CaseInput["type"]>;
}

/** Creates a contact with the customer for each case. Each contact fires overdue thresholds and restarts the clocks. */
async function contacts(caseIds: readonly string[]): Promise<CaseInput[]> {
  const instant = await now(world.database);
  return caseIds.map((caseId) =>
    received(
      world.event({ caseId, timeline: wall }, instant, "case.contacted", { direction: "outbound", content: "answer" }),
    ),
  );
}

async function readOutbox(): Promise<{ key: string; sequence: number; firingId: string }[]> {
  return world.database.query({
    text: `
      select key, (headers::json ->> 'ce_sequence')::integer as sequence, body::json ->> 'firingId' as "firingId"
      from outbox order by id`,
  });
}

/** Expects that the outbox contains each firing once, and the sequences of each case in order and without gaps. */
async function checkOrder(): Promise<void> {
  const rows = await readOutbox();
  const last = new Map<string, number>();
  for (const { key, sequence } of rows) {
    expect(sequence).toBe((last.get(key) ?? 0) + 1);
    last.set(key, sequence);
  }
  expect(new Set(rows.map(({ firingId }) => firingId)).size).toBe(rows.length);
}

async function untilLockWait(tx: Tx): Promise<void> {
  await waitFor(async () => {
    const rows = await tx.query({
      text: "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    });
    return rows.length > 0;
  });
}

test("the scanner waits for a case that the consumer has locked, and does not repeat the consumer's firing", async () => {
  const cases = await armed(20);
  const [locked = ""] = cases;
  await letTimePass();
  let firing: Promise<FiringResult> | undefined;
  await world.database.transaction(async (tx) => {
    const events = await contacts([locked]);
    await lockCases(tx, lines, [locked]);
    firing = fire();
    await untilLockWait(world.database);
    await applyCaseEvents(tx, lines, events);
  });
  const fired = await firing;
  expect(fired?.rows).toBe(cases.length);
  expect(new Set(fired?.clockEvents.map(({ key }) => key))).toEqual(
    new Set(cases.filter((caseId) => caseId !== locked)),
  );
  expect((await readOutbox()).length).toBe(cases.length);
  await checkOrder();
});

test("the scanner does not save a case if another row has reused the place of the case in the table", async () => {
  await armed(1);
  await letTimePass();
  const scopes = owned.map((partition) => ({ timeline: wall, partition, low: -Infinity, until: Infinity }));
  const [read] = await readDue(world.database, scopes, 1, 1);
  if (read === undefined) throw new Error("nothing is due");
  const { place } = read;
  // Each update writes a new row version. After some updates, Postgres uses the first place again.
  await waitFor(async () => {
    await world.database.query({ text: "update case_clock set case_id = $1", values: [newCase()] });
    await world.database.query({ text: "vacuum (index_cleanup on) case_clock" });
    const [taken] = await readDue(world.database, scopes, 1, 1);
    return taken?.place === place;
  });
  await lines.load(world.database, [lineOf(read)]);
  const stale = { ...fromStored(read, lines), place, writer: read.writer };
  expect((await world.database.transaction((tx) => moveUnchanged(tx, lines, [stale]))).size).toBe(0);
});

test("the scanner fires a case that another transaction locked but did not change", async () => {
  const cases = await armed(20);
  const [locked = ""] = cases;
  await letTimePass();
  let firing: Promise<FiringResult> | undefined;
  await world.database.transaction(async (tx) => {
    await lockCases(tx, lines, [locked]);
    firing = fire();
    await untilLockWait(world.database);
  });
  expect((await firing)?.clockEvents.length).toBe(cases.length);
});

test("the consumer and two scanners change the same cases without lost firings, repeated firings or deadlocks", async () => {
  const cases = await armed(400);
  for (let round = 0; round < 5; round++) {
    await letTimePass();
    const events = await contacts(cases.filter((_, index) => (index + round) % 3 !== 0));
    const applying = async (): Promise<void> => {
      for (let from = 0; from < events.length; from += 20) {
        // The batch is not in the order of the case ids. `lockCases` sorts the ids.
        const batch = events.slice(from, from + 20).toReversed();
        await world.database.transaction((tx) => applyCaseEvents(tx, lines, batch));
      }
    };
    const firing = async (): Promise<void> => {
      while ((await fire()).rows > 0);
    };
    await Promise.all([applying(), firing(), firing()]);
    await firing();
  }
  await checkOrder();
  // In each round, a clock of every case fires: the first clock, or, after a round without a contact, the second clock.
  const rows = await readOutbox();
  expect(new Set(rows.map(({ key }) => key)).size).toBe(cases.length);
  expect(rows.length).toBeGreaterThanOrEqual(cases.length * 4);
});
