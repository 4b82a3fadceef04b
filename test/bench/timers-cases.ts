import { type EventOf, type Instant, type LineDocument, type LineRef, newId, topics, wall } from "@crossline/contracts";
import { type CaseClocks, type Line, compileLine, decide, earliestDue } from "@crossline/domain";
import { partitionOf } from "@crossline/messaging";
import { type Database, type Tx, connect, migrate } from "@crossline/postgres";
import { timer } from "@crossline/timer";
import { type CaseRow, insertCases } from "@crossline/timer/scanner";
import { insertLines } from "@crossline/projection";
import { createLines } from "@crossline/projection/compiled-lines";

export const partitions = 12;
export const rep = { party: "northtel", person: "rep-1", automated: false };
const ref: LineRef = { carrier: "northtel", name: "handheld-consumer", version: 1 };

/**
 * The README's line. During a live handling, three clocks of this line run: `stall.busy`, `handling.limit` and
 * `stall.idle`.
 */
const document: LineDocument = {
  line: ref.name,
  mode: "cross",
  calendar: "24x7",
  clocks: [
    { kind: "first-response", target: { live: "PT15M", else: "PT4H" }, warnAt: [] },
    { kind: "stall.busy", target: "PT20M", warnAt: [50, 75, 90] },
    { kind: "handling.limit", target: "PT45M", warnAt: [] },
    { kind: "stall.idle", target: { critical: "PT30M", else: "PT2H" }, warnAt: [] },
  ],
  crossing: [{ to: "queue:orchard.handheld", mode: "ticket", acceptWithin: "PT30M", repeat: 1 }],
  lastResort: ["https://duty.example/"],
};
export const line: Line = compileLine(ref, document);
export const clocksPerCase = 3;
/** The time from the last sign of life to the breach of `stall.idle`, which is due first. */
const idleMs = 7_200_000;

/** A separate database with the timer's schema, on the server of the references. */
export type TimerDatabase = {
  readonly url: string;
  readonly database: Database;
  /** Stores `count` armed cases as the timer does. For each case, `dueAt` returns the instant at which the first clock is due. */
  arm(count: number, dueAt: (index: number) => Instant): Promise<void>;
  readonly drop: () => Promise<void>;
};

export async function createTimerDatabase(server: string): Promise<TimerDatabase> {
  const { url, drop } = await createDatabase(server);
  await migrate({ url, schema: "timer", directories: timer.migrations });
  const database = connect({ url, schema: "timer", applicationName: "bench", poolMax: 4 });
  await insertLines(database, [{ line: ref, document }]);
  return {
    url,
    database,
    arm: (count, dueAt) => arm(database, count, dueAt),
    drop: () => database.close().then(drop),
  };
}

/** Creates an empty database. `drop` also ends the connections to the database. */
export async function createDatabase(server: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `bench_${newId("cs").slice(-12)}`;
  const admin = connect({ url: server, schema: "public", applicationName: "bench", poolMax: 1 });
  await admin.query({ text: `create database ${name}` });
  const address = new URL(server);
  address.pathname = `/${name}`;
  const drop = async () => {
    await admin.query({ text: `drop database if exists ${name} with (force)` });
    await admin.close();
  };
  return { url: address.href, drop };
}

/** Returns the timer's row of a case with a live handling, whose first clock, `stall.idle`, is due at this instant. */
export function armedCase(dueAt: Instant): CaseRow {
  const caseId = newId("cs");
  const started = dueAt - idleMs;
  const common = { key: caseId, topic: topics.case, timeline: wall };
  const opened = {
    ...common,
    sequence: 1,
    type: "case.opened",
    time: started - 1_000,
    data: {
      actor: rep,
      carrier: "northtel",
      carrierCaseId: "1",
      line: ref,
      severity: "minor",
      status: "acknowledged",
      channel: "phone",
    },
  } as unknown as EventOf<"case.opened">;
  const handling = {
    ...common,
    sequence: 2,
    type: "handling.started",
    time: started,
    data: { actor: rep, handlingId: newId("hd"), channel: "phone" },
  } as unknown as EventOf<"handling.started">;
  const { state } = decide(decide(undefined, opened, line, started).state, handling, line, started);
  return rowOf(state, started);
}

function rowOf(state: CaseClocks, lastEventAt: Instant): CaseRow {
  return {
    state,
    partition: partitionOf(state.caseId, partitions),
    lastEventAt,
    dueAt: earliestDue(state, line),
  };
}

async function arm(database: Database, count: number, dueAt: (index: number) => Instant): Promise<void> {
  const lines = createLines();
  await lines.load(database, [ref]);
  for (let from = 0; from < count; from += 5_000) {
    const rows = Array.from({ length: Math.min(5_000, count - from) }, (_, index) => armedCase(dueAt(from + index)));
    await database.transaction(async (tx) => {
      await insertCases(tx, lines, rows);
      await insertSequences(
        tx,
        rows.map(({ state }) => state.caseId),
      );
    });
  }
  await database.query({ text: "vacuum (analyze) case_clock, inbox_sequence" });
}

/** Stores the consumer's rows of cases of which it has applied two events. */
async function insertSequences(tx: Tx, caseIds: readonly string[]): Promise<void> {
  await tx.query({
    text: `
      -- bench.insert-sequences
      insert into inbox_sequence (topic, key, seen, applied) select $2, key, 2, 2 from unnest($1::text[]) as key`,
    values: [caseIds, topics.case],
  });
}
