import { type ClockEvent, type Instant, wall } from "@crossline/contracts";
import { type CaseClocks, decide, decideMove, earliestDue } from "@crossline/domain";
import { appendToOutbox } from "@crossline/messaging";
import { type Tx, now } from "@crossline/postgres";
import { clockless } from "../commands/clockless.ts";
import { traced } from "../store/traced.ts";
import { type CaseRow, insertCases, lockCases, moveCases, updateCases } from "../store/case-clocks.ts";
import { type PartySight, saveParties } from "../store/case-parties.ts";
import { insertClockless } from "../store/clockless-cases.ts";
import { type InternalEntry, insertInternalEntries } from "../store/internal-entries.ts";
import type { Lines } from "../store/lines.ts";
import { type TimelineMark, type TimelinePartition, readMarks } from "@crossline/projection";
import type { Sights } from "../store/sights.ts";
import type { Applied } from "./applied.ts";
import type { CaseInput } from "./case-input.ts";
import { followSights } from "./follow-sights.ts";

/** A case in hand: as it was found, and as it is by now. */
type CaseInHand = {
  readonly found: CaseRow | undefined;
  state: CaseClocks;
  partition: number;
  lastEventAt: Instant;
  traceparent?: string | undefined;
  sights?: Sights | undefined;
};

/** Loads the cases of a batch, decides event by event, saves: five statements in three round trips, however many events. */
export async function applyCaseEvents(tx: Tx, lines: Lines, events: readonly CaseInput[]): Promise<Applied> {
  const scopes = scopesOf(events);
  const caseIds = new Set(events.map(({ key }) => key));
  const isOnTheWall = events.some(({ timeline }) => timeline === wall);
  const [found, marks, instant] = await Promise.all([
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

  const cases = new Map<string, CaseInHand>(found.map((row) => [row.state.caseId, { found: row, ...row }]));
  const { told, changes, internal } = decideAll(cases, lines, events, instant);
  const changed = [...cases.values()].map((each) => toRow(each, lines));
  await Promise.all([
    insertCases(
      tx,
      lines,
      changed.filter(({ state }) => cases.get(state.caseId)?.found === undefined),
    ),
    updateCases(
      tx,
      lines,
      changed.filter(({ state }) => cases.get(state.caseId)?.found !== undefined),
    ),
    moveCases(
      tx,
      changed.flatMap(({ state }) => (isMoved(cases.get(state.caseId), state) ? [state] : [])),
    ),
    saveParties(tx, changes),
    insertInternalEntries(tx, internal),
    insertClockless(tx, clockless(changed, lines)),
    appendToOutbox(tx, told),
  ]);
  return { caseIds, told, ...hints(changed, marks) };
}

function isMoved(inHand: CaseInHand | undefined, { line }: CaseClocks): boolean {
  const before = inHand?.found?.state.line;
  return before !== undefined && (before.version !== line.version || before.name !== line.name);
}

/** What a batch publishes, whose sights it changes, and the internal entries that it brings. */
type Decided = {
  readonly told: ClockEvent[];
  readonly changes: readonly PartySight[];
  readonly internal: readonly InternalEntry[];
};

function decideAll(
  cases: Map<string, CaseInHand>,
  lines: Lines,
  events: readonly CaseInput[],
  instant: Instant,
): Decided {
  const told: ClockEvent[] = [];
  const changes: PartySight[] = [];
  const internal: InternalEntry[] = [];
  for (const event of events) {
    const known = cases.get(event.key);
    const ref = known?.state.line ?? (event.type === "case.opened" ? event.data.line : undefined);
    if (ref === undefined) throw new Error(`the first event of a case must be case.opened, not ${event.type}`);
    const line = lines.get(ref);
    const { state, messages } =
      known !== undefined && event.type === "case.moved"
        ? decideMove(known.state, event, { from: line, to: lines.get(event.data.line) }, instant)
        : decide(known?.state, event, line, instant);
    if (known !== undefined) internal.push(...internalEntry(event, known));
    const traceparent = event.traceparent ?? known?.traceparent;
    // What was due before the event belongs to the trace before it; what it overtook, to its own.
    for (const message of messages)
      told.push(traced(message, message.type === "clock.overtaken" ? traceparent : known?.traceparent));
    if (known === undefined) {
      const { partition, time } = event;
      cases.set(event.key, { found: undefined, state, partition, lastEventAt: time, traceparent });
    } else {
      const before = { state: known.state, lastEventAt: known.lastEventAt };
      known.state = state;
      known.traceparent = traceparent;
      known.lastEventAt = Math.max(known.lastEventAt, event.time);
      const followed = followSights(known.sights, { event, before, after: known, now: instant }, lines);
      known.sights = followed.sights;
      changes.push(...followed.changes);
    }
  }
  return { told, changes, internal };
}

/** What other companies may not know of, and where the case stood before it. */
function internalEntry(event: CaseInput, { state, lastEventAt }: CaseInHand): InternalEntry[] {
  if (event.type !== "entry.added" || event.data.chain !== "internal") return [];
  const { key: caseId, sequence, data } = event;
  return [{ caseId, sequence, party: data.actor.party, beforeAt: lastEventAt, handoff: state.read.handoff }];
}

/**
 * The row to be stored. Its due instant only ever moves to an earlier one here: what comes due too early is put off by
 * the scanner, which costs less than moving it with every event.
 */
function toRow({ found, state, partition, lastEventAt, traceparent, sights }: CaseInHand, lines: Lines): CaseRow {
  const earliest = earliestDue(state, lines.get(state.line));
  const stored = found?.dueAt;
  const dueAt = stored === undefined || (earliest !== undefined && earliest < stored) ? earliest : stored;
  return { state, partition, lastEventAt, dueAt, traceparent, sights };
}

function hints(rows: readonly CaseRow[], marks: readonly TimelineMark[]): Pick<Applied, "armed" | "behindMark"> {
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
