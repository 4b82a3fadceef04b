import { type AuditedCase, type Report, createReport, findMissed, auditRecord } from "@crossline/auditor/audit";
import { type ClockEvent, type Instant, timelineKind, topics } from "@crossline/contracts";
import type { ClockInput } from "@crossline/domain";
import { start } from "./histories.ts";
import { auditedLine } from "./lines.ts";
import { type PlayedHistory, readBy } from "./play.ts";

const lateMs = 10_000;

/** Returns the verdict of an auditor that has read a history and these clock events. */
export function audit(played: PlayedHistory, clockEvents: readonly ClockEvent[] = played.clockEvents) {
  const { published, until } = played;
  const auditor = createAuditor(played, clockEvents);
  for (const { event, step } of readBy(published, ({ auditorSwaps }) => auditorSwaps)) {
    auditor.readClockEvents(step.clocksFirst);
    auditor.read(event);
  }
  auditor.readClockEvents(clockEvents.length);
  return auditor.verdict(until);
}

/** Returns the verdict of an auditor that is always caught up. The auditor checks for missed firings at the instant of each record. */
export function auditInTime(played: PlayedHistory) {
  const auditor = createAuditor(played, played.clockEvents);
  const missed: string[] = [];
  for (const { event } of played.published) {
    auditor.read(event);
    auditor.readClockEvents((played.clockEventsBefore.get(event) ?? 0) - auditor.readCount());
    missed.push(...auditor.verdict(event.time).missed);
  }
  auditor.readClockEvents(played.clockEvents.length);
  const verdict = auditor.verdict(played.until);
  return { ...verdict, missed: [...missed, ...verdict.missed] };
}

function createAuditor({ timeline }: PlayedHistory, clockEvents: readonly ClockEvent[]) {
  const counted: Record<string, number> = {};
  const count: Report["count"] = (_, what, __, times = 1) => void (counted[what] = (counted[what] ?? 0) + times);
  const report: Report = { ...createReport(start), count };
  const seen = new Set<string>();
  const deps = {
    lines: { load: async () => {}, get: auditedLine },
    report,
    now: start,
    lateMs: timelineKind(timeline) === "wall" ? Infinity : lateMs,
    marked: new Set<string>(),
    isFirst: ({ firingId }: { readonly firingId: string }) => !seen.has(firingId) && seen.add(firingId) !== undefined,
  };
  let row: ReturnType<typeof auditRecord> | undefined;
  let readCount = 0;
  let undecided = 0;
  const readTo = { case: 0, handoff: 0 };

  function read(event: ClockInput | ClockEvent): void {
    row = auditRecord(row, { ...event, id: "", partition: 0 }, deps);
    // The auditor service stores the state as JSON, so the test also converts the state to JSON.
    row.state = JSON.parse(JSON.stringify(row.state)) as AuditedCase;
    if (event.topic !== topics.clock) readTo[event.topic === topics.case ? "case" : "handoff"] = event.sequence;
  }

  const isReady = ({ after = [] }: ClockEvent): boolean =>
    after.every(({ topic, sequence }) => readTo[topic === topics.case ? "case" : "handoff"] >= sequence);

  /** Reads up to `more` clock events, but stops at an event with a cause that has not been read. */
  function readClockEvents(more: number): void {
    for (const end = readCount + more; readCount < end; readCount++) {
      const next = clockEvents[readCount];
      if (next === undefined || !isReady(next)) return;
      read(next);
    }
  }

  function verdict(until: Instant) {
    const { missed, unsure } =
      row === undefined ? { missed: [], unsure: 0 } : findMissed(row.state, auditedLine, until);
    undecided += unsure;
    return {
      findings: report.findings.map(({ kind, data }) => ({ kind, data })),
      missed: missed.map((one) => `${one.clock} ${one.incarnation} ${one.threshold} ${one.due - start}`),
      unsure: undecided + (counted["unsure"] ?? 0),
      audited: counted["told"] ?? 0,
    };
  }

  return { read, readClockEvents, readCount: () => readCount, verdict };
}
