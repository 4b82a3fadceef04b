import {
  type ReceivedMessage,
  type ReceivedEvent,
  eventsByTopic,
  parseInstant,
  timelineKind,
  topics,
} from "@crossline/contracts";
import { findMarkedKeys, saveRemovedTimelines } from "@crossline/messaging";
import { type Tx, now } from "@crossline/postgres";
import { applyLines } from "@crossline/projection";
import { firingIdOf, linesOf } from "../rules/index.ts";
import { insertCases, lockCases, updateCases } from "../store/audited-cases.ts";
import { type PublishedFiring, insertFirings } from "../store/firings.ts";
import type { Lines } from "../store/lines.ts";
import { type TimelineActivity, saveActivity } from "../store/marks.ts";
import type { CaseInput } from "./case-input.ts";
import { auditRecord } from "./audit-record.ts";
import { type LoadedCase, type Report, createReport, toRow } from "../commands/report.ts";

/** The event types of these topics that the auditor applies. */
export const readTypes: ReadonlySet<string> = new Set([
  ...[topics.case, topics.handoff, topics.clock].flatMap((topic) => Object.keys(eventsByTopic[topic])),
  "line.published",
]);

/**
 * Applies one batch of records in the caller's transaction, and returns the report of the findings. The batch contains no duplicate,
 * and the records of each case are in order.
 */
export async function apply(
  tx: Tx,
  lines: Lines,
  events: readonly ReceivedMessage[],
  { lateMs }: { readonly lateMs: number },
): Promise<Report> {
  const { cases, activities, removed } = sort(events);
  await saveRemovedTimelines(tx, removed);
  await applyLines(tx, events);
  const caseIds = [...new Set(cases.map(({ key }) => key))].toSorted();
  const [instant, rows, marked, firsts] = await Promise.all([
    now(tx),
    caseIds.length === 0 ? [] : lockCases(tx, caseIds),
    caseIds.length === 0 ? new Set<string>() : findMarkedKeys(tx, caseIds),
    insertFirings(tx, cases.flatMap(toPublishedFiring)),
    saveActivity(tx, activities),
  ]);
  const report = createReport(instant);
  if (cases.length === 0) return report;
  await lines.load(tx, [
    ...rows.flatMap(({ state }) => linesOf(state)),
    ...cases.flatMap((event) => (event.type === "case.opened" || event.type === "case.moved" ? [event.data.line] : [])),
  ]);
  const isFirst = createFirstCheck(firsts);
  const loaded = new Map<string, LoadedCase>(rows.map((row) => [row.state.caseId, row]));
  for (const event of cases) {
    const audited = auditRecord(loaded.get(event.key), event, { lines, report, now: instant, lateMs, isFirst, marked });
    loaded.set(event.key, audited);
  }
  await save(tx, lines, [...loaded.values()], new Set(rows.map(({ state }) => state.caseId)));
  await report.save(tx);
  return report;
}

/** The prefix of a case id. The case topic also contains `problem.opened` events about channels, whose keys are not case ids. */
const caseIdPrefix = "cs_";

function sort(events: readonly ReceivedMessage[]) {
  const cases: CaseInput[] = [];
  const activities = new Map<string, TimelineActivity>();
  const removed: string[] = [];
  const note = (one: TimelineActivity): void => {
    const name = `${one.timeline} ${one.partition}`;
    const mark = Math.max(one.mark ?? -Infinity, activities.get(name)?.mark ?? -Infinity);
    activities.set(name, mark === -Infinity ? one : { ...one, mark });
  };
  for (const event of events) {
    const { timeline, partition } = event;
    if (event.type === "line.published") continue;
    if (event.type === "timeline.removed") removed.push(timeline);
    else if (event.type === "timeline.marked")
      note({ timeline, partition, mark: parseInstant((event as ReceivedEvent<"timeline.marked">).data.mark) });
    else if (event.type !== "problem.opened" || event.key.startsWith(caseIdPrefix)) {
      cases.push(event as CaseInput);
      // While the timer fires clocks of a timeline, a missing firing can still arrive, so each clock event restarts the grace.
      if (event.topic === topics.clock && timeline !== "wall") note({ timeline, partition });
    }
  }
  return { cases, activities: [...activities.values()], removed };
}

function toPublishedFiring(event: CaseInput): PublishedFiring[] {
  if (event.type !== "clock.warned" && event.type !== "clock.breached") return [];
  const timeline = timelineKind(event.timeline) === "import" ? event.timeline : undefined;
  return [{ firingId: firingIdOf(event.key, event.data), sequence: event.sequence, timeline }];
}

function createFirstCheck(firsts: readonly PublishedFiring[]): (firing: PublishedFiring) => boolean {
  const sequences = new Map(firsts.map(({ firingId, sequence }) => [firingId, sequence]));
  return ({ firingId, sequence }) => sequences.get(firingId) === sequence;
}

async function save(tx: Tx, lines: Lines, cases: readonly LoadedCase[], stored: ReadonlySet<string>): Promise<void> {
  const rows = cases.map((each) => toRow(each, lines));
  await Promise.all([
    insertCases(
      tx,
      rows.filter(({ state }) => !stored.has(state.caseId)),
    ),
    updateCases(
      tx,
      rows.filter(({ state }) => stored.has(state.caseId)),
    ),
  ]);
}
