import { type AuditedCase, type Report, createReport, findMissed, auditRecord } from "@crossline/auditor/audit";
import { type ClockEvent, type Instant, timelineKind, topics } from "@crossline/contracts";
import type { ClockInput } from "@crossline/domain";
import { start } from "./histories.ts";
import { auditedLine } from "./lines.ts";
import { type Played, readBy } from "./play.ts";

const lateMs = 10_000;

/** What the auditor finds in a history with these clock facts. */
export function audit(played: Played, told: readonly ClockEvent[] = played.told) {
  const { published, until } = played;
  const auditor = createAuditor(played, told);
  for (const { event, step } of readBy(published, ({ auditorSwaps }) => auditorSwaps)) {
    auditor.hear(step.clocksFirst);
    auditor.take(event);
  }
  auditor.hear(told.length);
  return auditor.verdict(until);
}

/** The same, where the auditor has read all that was told by then before each record, and judges what is missed by its time. */
export function auditInTime(played: Played) {
  const auditor = createAuditor(played, played.told);
  const missed: string[] = [];
  for (const { event } of played.published) {
    auditor.take(event);
    auditor.hear((played.toldBefore.get(event) ?? 0) - auditor.heard());
    missed.push(...auditor.verdict(event.time).missed);
  }
  auditor.hear(played.told.length);
  const verdict = auditor.verdict(played.until);
  return { ...verdict, missed: [...missed, ...verdict.missed] };
}

function createAuditor({ timeline }: Played, told: readonly ClockEvent[]) {
  const counted: Record<string, number> = {};
  const count: Report["count"] = (_, what, __, times = 1) => void (counted[what] = (counted[what] ?? 0) + times);
  const report: Report = { ...createReport(start), count };
  const seen = new Set<string>();
  const around = {
    lines: { load: async () => {}, get: auditedLine },
    report,
    now: start,
    lateMs: timelineKind(timeline) === "wall" ? Infinity : lateMs,
    marked: new Set<string>(),
    isFirst: ({ firingId }: { readonly firingId: string }) => !seen.has(firingId) && seen.add(firingId) !== undefined,
  };
  let known: ReturnType<typeof auditRecord> | undefined;
  let heard = 0;
  let undecided = 0;
  const read = { case: 0, handoff: 0 };

  function take(event: ClockInput | ClockEvent): void {
    known = auditRecord(known, { ...event, id: "", partition: 0 }, around);
    // As its row is stored.
    known.state = JSON.parse(JSON.stringify(known.state)) as AuditedCase;
    if (event.topic !== topics.clock) read[event.topic === topics.case ? "case" : "handoff"] = event.sequence;
  }

  const isReady = ({ after = [] }: ClockEvent): boolean =>
    after.every(({ topic, sequence }) => read[topic === topics.case ? "case" : "handoff"] >= sequence);

  /** So many clock facts more, as far as all that they name has been read. */
  function hear(more: number): void {
    for (const end = heard + more; heard < end; heard++) {
      const next = told[heard];
      if (next === undefined || !isReady(next)) return;
      take(next);
    }
  }

  function verdict(until: Instant) {
    const { missed, unsure } =
      known === undefined ? { missed: [], unsure: 0 } : findMissed(known.state, auditedLine, until);
    undecided += unsure;
    return {
      findings: report.findings.map(({ kind, data }) => ({ kind, data })),
      missed: missed.map((one) => `${one.clock} ${one.incarnation} ${one.threshold} ${one.due - start}`),
      unsure: undecided + (counted["unsure"] ?? 0),
      told: counted["told"] ?? 0,
    };
  }

  return { take, hear, heard: () => heard, verdict };
}
