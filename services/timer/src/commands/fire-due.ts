import { type ClockEvent, type Instant, wall } from "@crossline/contracts";
import { earliestDue, elapse } from "@crossline/domain";
import { type Consumer, type Log, appendToOutbox } from "@crossline/messaging";
import { type Database, type Tx, now } from "@crossline/postgres";
import { type Tracing, noTracing } from "@crossline/tracing";
import {
  type CaseRow,
  type RowVersion,
  fromStored,
  lineOf,
  moveUnchanged,
  postponeCases,
} from "../store/case-clocks.ts";
import { insertClockless } from "../store/clockless-cases.ts";
import { type DueRow, type DueScope, type LowScope, isCut, readDue } from "../store/due-cases.ts";
import type { Lines } from "../store/lines.ts";
import { readMarks } from "@crossline/projection";
import { withTrace } from "../store/with-trace.ts";
import { findClocklessCases } from "./clockless.ts";
import { traceFirings } from "./trace-firings.ts";

export type FireDeps = {
  readonly database: Database;
  readonly consumer: Pick<Consumer, "fences" | "caughtUp">;
  readonly lines: Lines;
  readonly log: Log;
  readonly tracing?: Tracing;
};

/**
 * The result of one transaction. `rows`: the number of cases that the transaction read. `isCut`: more cases may be due than the
 * transaction read. `refused`: the partitions that this process no longer owns.
 */
export type FiringResult = {
  readonly clockEvents: readonly ClockEvent[];
  readonly rows: number;
  readonly isCut: boolean;
  readonly refused: ReadonlySet<number>;
};

/** The maximum number of cases in one transaction. */
export const batchMax = 1_000;
const perScopeMin = 40;
const transactionOptions = { keepPlans: true };
const postponeMs = 60_000;

/**
 * Fires due thresholds of these scopes in one transaction, for at most 1,000 cases. On the wall timeline, a threshold is due if its
 * deadline is before now. On stepped timelines and imports, the deadline must be before the mark. The transaction first locks the
 * fences of the partitions, so that only the partition owner fires clocks.
 */
export function fireDue(
  { database, consumer, lines, log, tracing = noTracing }: FireDeps,
  scopes: readonly LowScope[],
): Promise<FiringResult> {
  return database.transaction(async (tx) => {
    const partitions = [...new Set(scopes.map(({ partition }) => partition))].toSorted((a, b) => a - b);
    const [instant, marks, fenced] = await Promise.all([
      now(tx),
      readMarks(
        tx,
        scopes.filter(({ timeline }) => timeline !== wall),
      ),
      consumer.fences(tx, partitions),
    ]);
    const refused = new Set(partitions.filter((partition) => !fenced.has(partition)));
    // Checks `caughtUp` again after `now` has returned `instant`. If the process froze before it called `now`, the broker can have
    // events from before `instant` that the process has not read.
    const onTheWall = scopes
      .filter(({ timeline, partition }) => timeline === wall && consumer.caughtUp(partition))
      .map((scope) => ({ ...scope, until: instant }));
    const behindMarks = marks.map(({ mark, ...scope }) => ({ ...scope, until: mark, low: -Infinity }));
    const owned = [...onTheWall, ...behindMarks].filter(({ partition }) => !refused.has(partition));
    if (owned.length === 0) return { clockEvents: [], rows: 0, isCut: false, refused };
    return { ...(await fireScopes(tx, { lines, log, tracing }, owned, instant)), refused };
  }, transactionOptions);
}

async function fireScopes(
  tx: Tx,
  { lines, log, tracing }: Required<Pick<FireDeps, "lines" | "log" | "tracing">>,
  scopes: readonly DueScope[],
  instant: Instant,
) {
  const perScope = Math.max(perScopeMin, Math.ceil(batchMax / scopes.length));
  const rows = await readDue(tx, scopes, perScope, batchMax);
  if (rows.length === 0) return { clockEvents: [], rows: 0, isCut: false };
  await lines.load(tx, rows.map(lineOf));
  const { decided, faulty } = decideRows(rows, { lines, log }, scopes, instant);
  const moved = await moveUnchanged(
    tx,
    lines,
    decided.map(({ row }) => row),
  );
  const fired = moved.size === decided.length ? decided : decided.filter((_, index) => moved.has(index));
  const clockEvents = fired.flatMap(({ messages }) => messages);
  // `moveUnchanged` has locked the rows, so the outbox gets the events of each case in the order of their sequences.
  await Promise.all([
    insertClockless(
      tx,
      findClocklessCases(
        fired.map(({ row }) => row),
        lines,
      ),
    ),
    postponeCases(tx, faulty),
    appendToOutbox(tx, traceFirings(tracing, clockEvents)),
  ]);
  return { clockEvents, rows: rows.length, isCut: isCut(rows, perScope, batchMax) };
}

type DecidedRow = {
  readonly row: CaseRow & RowVersion;
  readonly messages: readonly ClockEvent[];
};

function decideRows(
  rows: readonly DueRow[],
  { lines, log }: Pick<FireDeps, "lines" | "log">,
  scopes: readonly DueScope[],
  instant: Instant,
) {
  const untilOf = new Map(scopes.map((scope) => [`${scope.timeline}/${scope.partition}`, scope.until]));
  const decided: DecidedRow[] = [];
  const faulty: { caseId: string; writer: number; dueAt: Instant }[] = [];
  for (const stored of rows) {
    const { caseId, timeline, partition, place, writer } = stored;
    const until = untilOf.get(`${timeline}/${partition}`) ?? -Infinity;
    try {
      const { state: loaded, lastEventAt, traceparent } = fromStored(stored, lines);
      const line = lines.get(loaded.line);
      const { state, messages } = elapse(loaded, line, until, instant);
      const dueAt = earliestDue(state, line);
      decided.push({
        row: { state, partition, lastEventAt, dueAt, traceparent, place, writer },
        messages: messages.map((message) => withTrace(message, traceparent)),
      });
    } catch (error) {
      // A fault in one case must not delay the other cases. The scanner retries the faulty case later.
      log.error({ caseId, err: error }, "the clocks of a case could not fire; the timer retries them later");
      faulty.push({ caseId, writer, dueAt: timeline === wall ? instant + postponeMs : until });
    }
  }
  return { decided, faulty };
}
