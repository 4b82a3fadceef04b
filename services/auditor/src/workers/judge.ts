import { type Instant, formatInstant, wall } from "@crossline/contracts";
import { type Consumer, markedKeys } from "@crossline/messaging";
import { type Database, type Tx, now } from "@crossline/postgres";
import { type Log, type Loop, startLoop } from "@crossline/service";
import { toRow } from "../consumers/apply.ts";
import { type CaseInHand, type Report, createReport } from "../commands/report.ts";
import { findMissed, linesOf, tear } from "../rules/index.ts";
import { type CaseRow, type JudgedScope, lockDue, readStillDue, updateCases } from "../store/audited-cases.ts";
import type { Lines } from "../store/lines.ts";
import { readQuietMarks } from "../store/marks.ts";
import { createSteadiness } from "./steadiness.ts";

export type JudgeOptions = {
  readonly database: Database;
  readonly consumer: Pick<Consumer, "fences" | "owned" | "caughtUp">;
  readonly lines: Lines;
  readonly log: Log;
  readonly graceMs: number;
  /** Told after the commit. */
  readonly onFound: (report: Report) => void;
};

export type Judge = Loop & {
  /** The wall's instant before which everything in this partition has been judged, as far as this process knows. */
  judgedUntil(partition: number): Instant | undefined;
};

const idleMs = 1_000;
const batchMax = 500;

/**
 * Finds what had to fire and was not told. On the wall a firing is missed when its due instant is `graceMs` ago and its
 * partition has been read to its end for as long; elsewhere when the mark has passed it and nothing, neither a mark nor a
 * firing, has been heard of the timeline for `graceMs`.
 */
export function startJudge(options: JudgeOptions): Judge {
  const { database, consumer, graceMs, onFound } = options;
  const steadiness = createSteadiness(graceMs);
  const judged = new Map<number, Instant>();

  async function run(): Promise<{ sleepMs: number }> {
    const owned = consumer.owned();
    for (const partition of judged.keys()) if (!owned.includes(partition)) judged.delete(partition);
    const steady = steadiness.look(owned, (partition) => consumer.caughtUp(partition), performance.now());
    if (owned.length === 0) return { sleepMs: idleMs };
    const pass = await database.transaction((tx) => judge(tx, options, owned, steady));
    onFound(pass.report);
    for (const { partition, until } of pass.done) judged.set(partition, until);
    return { sleepMs: pass.isFull ? 0 : idleMs };
  }

  const onError = (): void => steadiness.lose();
  const loop = startLoop({ name: "judge", log: options.log, run, onError });
  return { ...loop, judgedUntil: (partition) => judged.get(partition) };
}

async function judge(
  tx: Tx,
  { consumer, lines, graceMs }: JudgeOptions,
  owned: readonly number[],
  steady: ReadonlySet<number>,
) {
  const [instant, quiet, held] = await Promise.all([
    now(tx),
    readQuietMarks(
      tx,
      owned.filter((partition) => consumer.caughtUp(partition)),
      graceMs,
    ),
    consumer.fences(tx, owned),
  ]);
  const walls = [...steady].map((partition) => ({ timeline: wall, partition, until: instant - graceMs }));
  const scopes = [...walls, ...quiet].filter(({ partition }) => held.has(partition));
  const report = createReport(instant);
  if (scopes.length === 0) return { report, done: [], isFull: false };
  const rows = await lockDue(tx, scopes, batchMax);
  await judgeRows(tx, lines, rows, scopes, report);
  const left = new Set((await readStillDue(tx, scopes)).map(({ timeline, partition }) => `${timeline}/${partition}`));
  const done = scopes.filter(({ timeline, partition }) => timeline === wall && !left.has(`${timeline}/${partition}`));
  return { report, done, isFull: rows.length === batchMax };
}

async function judgeRows(
  tx: Tx,
  lines: Lines,
  rows: readonly CaseRow[],
  scopes: readonly JudgedScope[],
  report: Report,
): Promise<void> {
  if (rows.length === 0) return;
  const [marked] = await Promise.all([
    markedKeys(
      tx,
      rows.map(({ state }) => state.caseId),
    ),
    lines.load(
      tx,
      rows.flatMap(({ state }) => linesOf(state)),
    ),
  ]);
  const untilOf = new Map(scopes.map(({ timeline, partition, until }) => [`${timeline}/${partition}`, until]));
  const judged = rows.map((row): CaseInHand => {
    const inHand: CaseInHand = { ...row };
    const until = untilOf.get(`${row.state.timeline}/${row.partition}`) ?? -Infinity;
    if (marked.has(row.state.caseId)) tear(inHand.state, until);
    judgeOne(inHand, lines, until, report);
    return inHand;
  });
  await updateCases(
    tx,
    judged.map((each) => toRow(each, lines)),
  );
  await report.save(tx);
}

function judgeOne(on: CaseInHand, lines: Lines, until: Instant, report: Report): void {
  if (on.state.lost === true) return;
  const { missed, unsure } = findMissed(on.state, lines.get, until);
  if (unsure > 0) report.count(on.partition, "unsure", "record", unsure);
  for (const { clock, kind, incarnation, threshold, due } of missed) {
    report.find(on, "missed", kind, due, {
      clock,
      kind,
      incarnation: shown(incarnation),
      threshold,
      dueAt: formatInstant(due),
    });
  }
}

/** `clock/*`: the instant behind it is the auditor's own. */
function shown(incarnation: string): string {
  return incarnation.replace(/ .*$/, "");
}
