import { type ClockEvent, type Instant, wall } from "@crossline/contracts";
import { earliestDue, elapse } from "@crossline/domain";
import { type Consumer, type Log, appendToOutbox } from "@crossline/messaging";
import { type Database, type Tx, now } from "@crossline/postgres";
import { type Tracing, noTracing } from "@crossline/tracing";
import { clockless } from "../consumers/case-events.ts";
import { type CaseRow, fromStored, lineOf, postponeCases, updateCases } from "../store/case-clocks.ts";
import { insertClockless } from "../store/clockless-cases.ts";
import { type DueScope, type LowScope, lockDue } from "../store/due-cases.ts";
import type { Lines } from "../store/lines.ts";
import { readMarks } from "../store/timeline-marks.ts";
import { traced } from "../store/traced.ts";
import { traceFirings } from "./trace.ts";

export type FireDeps = {
  readonly database: Database;
  readonly consumer: Pick<Consumer, "fences" | "caughtUp">;
  readonly lines: Lines;
  readonly log: Log;
  readonly tracing?: Tracing;
};

/** What one transaction fired. `rows` says how many cases it looked at, `refused` which partitions are not ours any more. */
export type Fired = {
  readonly told: readonly ClockEvent[];
  readonly rows: number;
  readonly refused: ReadonlySet<number>;
};

/** The most cases that one transaction takes. */
export const batchMax = 1_000;
const perScopeMin = 40;
const kept = { keepPlans: true };
const putOffMs = 60_000;

/**
 * Fires what is due in these scopes: on the wall before the present instant, elsewhere before the mark. One transaction,
 * which holds the partitions' fences first, so that only their owner fires; a batch at most.
 */
export function fireDue(
  { database, consumer, lines, log, tracing = noTracing }: FireDeps,
  scopes: readonly LowScope[],
): Promise<Fired> {
  return database.transaction(async (tx) => {
    const partitions = [...new Set(scopes.map(({ partition }) => partition))].toSorted((a, b) => a - b);
    const [instant, marks, held] = await Promise.all([
      now(tx),
      readMarks(
        tx,
        scopes.filter(({ timeline }) => timeline !== wall),
      ),
      consumer.fences(tx, partitions),
    ]);
    const refused = new Set(partitions.filter((partition) => !held.has(partition)));
    // Once more, now that `instant` is read: a process that froze since it looked would fire what facts in the broker prevent.
    const onTheWall = scopes
      .filter(({ timeline, partition }) => timeline === wall && consumer.caughtUp(partition))
      .map((scope) => ({ ...scope, until: instant }));
    const behindMarks = marks.map(({ mark, ...scope }) => ({ ...scope, until: mark, low: -Infinity }));
    const ours = [...onTheWall, ...behindMarks].filter(({ partition }) => !refused.has(partition));
    if (ours.length === 0) return { told: [], rows: 0, refused };
    return { ...(await fireScopes(tx, { lines, log, tracing }, ours, instant)), refused };
  }, kept);
}

async function fireScopes(
  tx: Tx,
  { lines, log, tracing }: Required<Pick<FireDeps, "lines" | "log" | "tracing">>,
  scopes: readonly DueScope[],
  instant: Instant,
) {
  const perScope = Math.max(perScopeMin, Math.ceil(batchMax / scopes.length));
  const rows = await lockDue(tx, scopes, perScope, batchMax);
  if (rows.length === 0) return { told: [], rows: 0 };
  await lines.load(tx, rows.map(lineOf));
  const untilOf = new Map(scopes.map((scope) => [`${scope.timeline}/${scope.partition}`, scope.until]));
  const told: ClockEvent[] = [];
  const fired: CaseRow[] = [];
  const faulty: { caseId: string; dueAt: Instant }[] = [];
  for (const stored of rows) {
    const { caseId, timeline, partition } = stored;
    const until = untilOf.get(`${timeline}/${partition}`) ?? -Infinity;
    try {
      const row = fromStored(stored, lines);
      const line = lines.get(row.state.line);
      const { state, messages } = elapse(row.state, line, until, instant);
      fired.push({ ...row, state, dueAt: earliestDue(state, line.calendar) });
      for (const message of messages) told.push(traced(message, row.traceparent));
    } catch (error) {
      // One case that cannot be decided must not hold up all others. It stays due, and is tried again later.
      log.error({ caseId, err: error }, "a case's clocks could not be fired; it is put off");
      faulty.push({ caseId, dueAt: timeline === wall ? instant + putOffMs : until });
    }
  }
  await Promise.all([
    updateCases(tx, lines, fired),
    insertClockless(tx, clockless(fired, lines)),
    postponeCases(tx, faulty),
    appendToOutbox(tx, traceFirings(tracing, told)),
  ]);
  return { told, rows: rows.length };
}
