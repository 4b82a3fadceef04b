import { type ClockEvent, type Instant, wall } from "@crossline/contracts";
import { type CaseClocks, decide, decideMove, earliestDue, onlyReaderOf } from "@crossline/domain";
import { appendToOutbox } from "@crossline/messaging";
import { type Tx, now } from "@crossline/postgres";
import { findClocklessCases } from "../commands/clockless.ts";
import { withTrace } from "../store/with-trace.ts";
import { type CaseRow, insertCases, lockCases, moveCases, updateCases } from "../store/case-clocks.ts";
import { type VendorAccess, saveParties } from "../store/case-parties.ts";
import { insertClockless } from "../store/clockless-cases.ts";
import { type InternalEntry, insertInternalEntries } from "../store/internal-entries.ts";
import type { Lines } from "../store/lines.ts";
import { type TimelineMark, type TimelinePartition, readMarks } from "@crossline/projection";
import type { StoredAccess } from "../store/stored-access.ts";
import type { AppliedBatch } from "./applied-batch.ts";
import type { CaseInput } from "./case-input.ts";
import { updateAccess } from "./update-access.ts";

/** A case of the batch: its stored row, and its state after the records that the batch has applied so far. */
type LoadedCase = {
  readonly row: CaseRow | undefined;
  state: CaseClocks;
  partition: number;
  lastEventAt: Instant;
  traceparent?: string | undefined;
  access?: StoredAccess | undefined;
};

/**
 * Loads the cases of a batch, decides each event, and saves the cases. Needs three round trips to Postgres, independent of the number
 * of events.
 */
export async function applyCaseEvents(tx: Tx, lines: Lines, events: readonly CaseInput[]): Promise<AppliedBatch> {
  const scopes = scopesOf(events);
  const caseIds = new Set(events.map(({ key }) => key));
  const isOnTheWall = events.some(({ timeline }) => timeline === wall);
  const [stored, marks, instant] = await Promise.all([
    lockCases(tx, lines, [...caseIds].toSorted()),
    readMarks(
      tx,
      scopes.filter(({ timeline }) => timeline !== wall),
    ),
    isOnTheWall ? now(tx) : 0,
  ]);
  await lines.load(
    tx,
    events.flatMap((event) => (event.type === "case.opened" || event.type === "case.moved" ? [event.data.line] : [])),
  );

  const cases = new Map<string, LoadedCase>(stored.map((row) => [row.state.caseId, { row, ...row }]));
  const { clockEvents, changes, internal } = decideAll(cases, lines, events, instant);
  const changed = [...cases.values()].map((each) => toRow(each, lines));
  await Promise.all([
    insertCases(
      tx,
      lines,
      changed.filter(({ state }) => cases.get(state.caseId)?.row === undefined),
    ),
    updateCases(
      tx,
      lines,
      changed.filter(({ state }) => cases.get(state.caseId)?.row !== undefined),
    ),
    moveCases(
      tx,
      changed.flatMap(({ state }) => (isMoved(cases.get(state.caseId), state) ? [state] : [])),
    ),
    saveParties(tx, changes),
    insertInternalEntries(tx, internal),
    insertClockless(tx, findClocklessCases(changed, lines)),
    appendToOutbox(tx, clockEvents),
  ]);
  return { caseIds, clockEvents, ...hintsOf(changed, marks) };
}

function isMoved(loaded: LoadedCase | undefined, { line }: CaseClocks): boolean {
  const before = loaded?.row?.state.line;
  return before !== undefined && (before.version !== line.version || before.name !== line.name);
}

/** The result of a batch: events to publish, changes of vendors' case access, and internal entries. */
type BatchDecision = {
  readonly clockEvents: ClockEvent[];
  readonly changes: readonly VendorAccess[];
  readonly internal: readonly InternalEntry[];
};

function decideAll(
  cases: Map<string, LoadedCase>,
  lines: Lines,
  events: readonly CaseInput[],
  instant: Instant,
): BatchDecision {
  const clockEvents: ClockEvent[] = [];
  const changes: VendorAccess[] = [];
  const internal: InternalEntry[] = [];
  for (const event of events) {
    const loaded = cases.get(event.key);
    const ref = loaded?.state.line ?? (event.type === "case.opened" ? event.data.line : undefined);
    if (ref === undefined) throw new Error(`the first event of a case must be case.opened, not ${event.type}`);
    const line = lines.get(ref);
    const { state, messages } =
      loaded !== undefined && event.type === "case.moved"
        ? decideMove(loaded.state, event, { from: line, to: lines.get(event.data.line) }, instant)
        : decide(loaded?.state, event, line, instant);
    if (loaded !== undefined) internal.push(...internalEntry(event, loaded));
    const traceparent = event.traceparent ?? loaded?.traceparent;
    // The firing of a threshold that was due before the event belongs to the trace of an earlier event. `clock.overtaken` belongs to
    // the trace of the current event.
    for (const message of messages)
      clockEvents.push(withTrace(message, message.type === "clock.overtaken" ? traceparent : loaded?.traceparent));
    if (loaded === undefined) {
      const { partition, time } = event;
      cases.set(event.key, { row: undefined, state, partition, lastEventAt: time, traceparent });
    } else {
      const before = { state: loaded.state, lastEventAt: loaded.lastEventAt };
      loaded.state = state;
      loaded.traceparent = traceparent;
      loaded.lastEventAt = Math.max(loaded.lastEventAt, event.time);
      const updated = updateAccess(loaded.access, { event, before, after: loaded, now: instant }, lines);
      loaded.access = updated.access;
      changes.push(...updated.changes);
    }
  }
  return { clockEvents, changes, internal };
}

/**
 * Returns the row for an internal entry, or for another record that only one company reads. Other companies must not notice it. Returns
 * an empty list if other companies read the event.
 */
function internalEntry(event: CaseInput, { state, lastEventAt }: LoadedCase): InternalEntry[] {
  const party = onlyReaderOf(event);
  if (party === undefined) return [];
  const { key: caseId, sequence } = event;
  return [{ caseId, sequence, party, beforeAt: lastEventAt, handoff: state.read.handoff }];
}

/**
 * Returns the row to store. The consumer moves `dueAt` only to an earlier instant, so that most events update no index. If the stored
 * `dueAt` is too early, the scanner later moves `dueAt` to the deadline.
 */
function toRow({ row, state, partition, lastEventAt, traceparent, access }: LoadedCase, lines: Lines): CaseRow {
  const earliest = earliestDue(state, lines.get(state.line));
  const storedDueAt = row?.dueAt;
  const dueAt =
    storedDueAt === undefined || (earliest !== undefined && earliest < storedDueAt) ? earliest : storedDueAt;
  return { state, partition, lastEventAt, dueAt, traceparent, access };
}

function hintsOf(rows: readonly CaseRow[], marks: readonly TimelineMark[]): Pick<AppliedBatch, "armed" | "behindMark"> {
  const armed = new Map<number, Instant>();
  const behindMark = new Map<string, TimelinePartition>();
  const markOf = new Map(marks.map((mark) => [scopeName(mark), mark.mark]));
  for (const { state, partition, dueAt } of rows) {
    if (dueAt === undefined) continue;
    if (state.timeline === wall) {
      armed.set(partition, Math.min(dueAt, armed.get(partition) ?? Infinity));
      continue;
    }
    const scope = { timeline: state.timeline, partition };
    if (dueAt < (markOf.get(scopeName(scope)) ?? -Infinity)) behindMark.set(scopeName(scope), scope);
  }
  return {
    armed: [...armed].map(([partition, dueAt]) => ({ timeline: wall, partition, dueAt })),
    behindMark: [...behindMark.values()],
  };
}

function scopesOf(events: readonly CaseInput[]): TimelinePartition[] {
  const scopes = new Map<string, TimelinePartition>();
  for (const { timeline, partition } of events) scopes.set(scopeName({ timeline, partition }), { timeline, partition });
  return [...scopes.values()];
}

function scopeName({ timeline, partition }: TimelinePartition): string {
  return `${timeline}/${partition}`;
}
