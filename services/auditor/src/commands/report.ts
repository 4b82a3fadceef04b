import {
  type AuditEvent,
  type Cause,
  type ClockKind,
  type EventData,
  type Instant,
  type Message,
  topics,
  wall,
} from "@crossline/contracts";
import { appendToOutbox } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import type { CaseRow } from "../store/audited-cases.ts";
import { type Finding, insertFindings } from "../store/findings.ts";
import { type Tally, addTallies } from "../store/tallies.ts";

/** What can be wrong: the last parts of the events' types. */
export const findingKinds = ["missed", "late", "doubled", "unfounded", "gap"] as const;
export type FindingKind = (typeof findingKinds)[number];

/** A case in hand: as it was found, and as it is by now. */
export type CaseInHand = { -readonly [K in Exclude<keyof CaseRow, "dueAt">]: CaseRow[K] };

/** What one transaction found and counted, to be stored and told at its end. */
export type Report = {
  readonly findings: readonly Finding[];
  /** A finding about a case, told on the audit topic as well. `at` is on the case's own timeline. */
  find<K extends FindingKind>(
    on: CaseInHand,
    kind: K,
    clock: ClockKind | "record",
    at: Instant,
    data: EventData<`audit.${K}`>,
    after?: readonly Cause[],
  ): void;
  /** The case runs clocks that nobody audits. */
  leaveOut(on: CaseInHand, at: Instant, data: EventData<"audit.unaudited">): void;
  count(partition: number, what: string, kind: ClockKind | "record", times?: number): void;
  /** Stores everything; once, at the end of the transaction. */
  save(tx: Tx): Promise<void>;
};

export function createReport(now: Instant): Report {
  const findings: Finding[] = [];
  const messages: Message[] = [];
  const tallies = new Map<string, Tally>();

  function count(partition: number, what: string, kind: string, times = 1): void {
    const name = `${partition} ${what} ${kind}`;
    tallies.set(name, { partition, what, kind, count: (tallies.get(name)?.count ?? 0) + times });
  }

  function tell(on: CaseInHand, type: AuditEvent["type"], at: Instant, data: unknown, after: readonly Cause[]): void {
    const { caseId, timeline } = on.state;
    on.auditSequence += 1;
    const time = timeline === wall ? Math.max(now, at) : at;
    messages.push({ topic: topics.audit, key: caseId, sequence: on.auditSequence, type, time, timeline, after, data });
  }

  return {
    findings,
    count,
    find(on, kind, clock, at, data, after = []) {
      const { caseId, timeline } = on.state;
      findings.push({ foundAt: now, kind, caseId, timeline, data });
      count(on.partition, kind, clock);
      tell(on, `audit.${kind}`, at, data, after);
    },
    leaveOut(on, at, data) {
      for (const { kind } of data.clocks) count(on.partition, "unaudited", kind);
      tell(on, "audit.unaudited", at, data, []);
    },
    async save(tx) {
      await Promise.all([
        insertFindings(tx, findings),
        addTallies(tx, [...tallies.values()]),
        appendToOutbox(tx, messages),
      ]);
    },
  };
}
