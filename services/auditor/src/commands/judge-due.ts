import { type Instant, formatInstant, wall } from "@crossline/contracts";
import { type Consumer, findMarkedKeys } from "@crossline/messaging";
import { type Tx, now } from "@crossline/postgres";
import { findMissed, linesOf, markRecordsMissing } from "../rules/index.ts";
import { type CaseRow, lockDue, readStillDue, updateCases } from "../store/audited-cases.ts";
import type { Lines } from "../store/lines.ts";
import { readQuietMarks } from "../store/marks.ts";
import { type LoadedCase, type Report, createReport, toRow } from "./report.ts";

export type JudgeDueDeps = {
  readonly consumer: Pick<Consumer, "fences" | "caughtUp">;
  readonly lines: Lines;
  readonly graceMs: number;
};

const batchMax = 500;

/**
 * Finds the missed firings of the owned partitions, saves the cases, and returns the report. `steady` contains the partitions that had
 * no unread record during the whole grace. `done` contains each partition of the wall timeline with the instant until which it is
 * audited. `isFull` is true if more cases may be due.
 */
export async function judgeDue(
  tx: Tx,
  { consumer, lines, graceMs }: JudgeDueDeps,
  { owned, steady }: { readonly owned: readonly number[]; readonly steady: ReadonlySet<number> },
) {
  const [instant, quiet, fenced] = await Promise.all([
    now(tx),
    readQuietMarks(
      tx,
      owned.filter((partition) => consumer.caughtUp(partition)),
      graceMs,
    ),
    consumer.fences(tx, owned),
  ]);
  const walls = [...steady].map((partition) => ({ timeline: wall, partition, until: instant - graceMs }));
  const scopes = [...walls, ...quiet].filter(({ partition }) => fenced.has(partition));
  const report = createReport(instant);
  if (scopes.length === 0) return { report, done: [], isFull: false };
  const rows = await lockDue(tx, scopes, batchMax);
  const untilOf = new Map(scopes.map(({ timeline, partition, until }) => [`${timeline}/${partition}`, until]));
  await judgeCases(tx, { lines, report, untilOf }, rows);
  const left = new Set((await readStillDue(tx, scopes)).map(({ timeline, partition }) => `${timeline}/${partition}`));
  const done = scopes.filter(({ timeline, partition }) => timeline === wall && !left.has(`${timeline}/${partition}`));
  return { report, done, isFull: rows.length === batchMax };
}

type JudgeRowsDeps = {
  readonly lines: Lines;
  readonly report: Report;
  /** The instant until which the judge checks cases, by timeline and partition. */
  readonly untilOf: ReadonlyMap<string, Instant>;
};

async function judgeCases(tx: Tx, { lines, report, untilOf }: JudgeRowsDeps, rows: readonly CaseRow[]): Promise<void> {
  if (rows.length === 0) return;
  const [marked] = await Promise.all([
    findMarkedKeys(
      tx,
      rows.map(({ state }) => state.caseId),
    ),
    lines.load(
      tx,
      rows.flatMap(({ state }) => linesOf(state)),
    ),
  ]);
  const judged = rows.map((row): LoadedCase => {
    const loaded: LoadedCase = { ...row };
    const until = untilOf.get(`${row.state.timeline}/${row.partition}`) ?? -Infinity;
    if (marked.has(row.state.caseId)) markRecordsMissing(loaded.state, until);
    judgeCase(loaded, lines, until, report);
    return loaded;
  });
  await updateCases(
    tx,
    judged.map((each) => toRow(each, lines)),
  );
  await report.save(tx);
}

function judgeCase(loaded: LoadedCase, lines: Lines, until: Instant, report: Report): void {
  if (loaded.state.lost === true) return;
  const { missed, unsure } = findMissed(loaded.state, lines.get, until);
  if (unsure > 0) report.count(loaded.partition, "unsure", "record", unsure);
  for (const { clock, kind, incarnation, threshold, due } of missed) {
    const data = { clock, kind, incarnation: publicIncarnation(incarnation), threshold, dueAt: formatInstant(due) };
    report.addFinding(loaded, { kind: "missed", clock: kind, at: due, data });
  }
}

/** Returns the incarnation for a finding, without the instant that the auditor stores after `clock/*`. */
function publicIncarnation(incarnation: string): string {
  return incarnation.replace(/ .*$/, "");
}
