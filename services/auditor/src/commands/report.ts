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
import { nextJudgingAt } from "../rules/index.ts";
import type { CaseRow } from "../store/audited-cases.ts";
import { type Finding, insertFindings } from "../store/findings.ts";
import type { Lines } from "../store/lines.ts";
import { type Tally, addTallies, readTallies } from "../store/tallies.ts";

/** The kinds of findings. Each kind is the last part of an event type. */
export const findingKinds = ["missed", "late", "doubled", "unfounded", "gap", "forged"] as const;
type FindingKind = (typeof findingKinds)[number];

/** Returns the number of findings of each kind. */
export async function countFindings(tx: Tx): Promise<{ readonly findings: Record<string, number> }> {
  const tallies = await readTallies(tx);
  const count = (kind: string): number =>
    tallies.reduce((sum, tally) => (tally.what === kind ? sum + tally.count : sum), 0);
  return { findings: Object.fromEntries(findingKinds.map((kind) => [kind, count(kind)])) };
}

/** A case that a transaction has loaded. The transaction changes `state` in place. */
export type LoadedCase = { -readonly [K in Exclude<keyof CaseRow, "dueAt">]: CaseRow[K] };

/**
 * A finding about a case. `at` is an instant on the timeline of the case. For a finding about records instead of a clock, `clock` is
 * `record`.
 */
type NewFinding<K extends FindingKind> = {
  readonly kind: K;
  readonly clock: ClockKind | "record";
  readonly at: Instant;
  readonly data: EventData<`audit.${K}`>;
  readonly after?: readonly Cause[];
};

/**
 * The findings and counts of one transaction. At the end of the transaction, `save` stores the findings and counts, and publishes the
 * findings.
 */
export type Report = {
  /** The instant of the transaction. */
  readonly now: Instant;
  readonly findings: readonly Finding[];
  /** Adds a finding about a case. `save` also publishes the finding on the audit topic. */
  addFinding<K extends FindingKind>(loaded: LoadedCase, finding: NewFinding<K>): void;
  /** Reports clocks of a case for which the auditor has no rules. */
  addUnaudited(loaded: LoadedCase, at: Instant, data: EventData<"audit.unaudited">): void;
  /** Adds `times` (default 1) to a tally of the partition. */
  count(partition: number, what: string, kind: ClockKind | "record", times?: number): void;
  /** Stores the findings, tallies and messages. The caller must call `save` once, at the end of the transaction. */
  save(tx: Tx): Promise<void>;
};

/** Creates an empty report. `now` is the instant of the transaction. */
export function createReport(now: Instant): Report {
  const findings: Finding[] = [];
  const messages: Message[] = [];
  const tallies = new Map<string, Tally>();

  function count(partition: number, what: string, kind: string, times = 1): void {
    const name = `${partition} ${what} ${kind}`;
    tallies.set(name, { partition, what, kind, count: (tallies.get(name)?.count ?? 0) + times });
  }

  type NewEvent = Required<Pick<Message, "after" | "data">> & {
    readonly type: AuditEvent["type"];
    readonly at: Instant;
  };

  function publish(loaded: LoadedCase, { type, at, data, after }: NewEvent): void {
    const { caseId, timeline } = loaded.state;
    loaded.auditSequence += 1;
    const time = timeline === wall ? Math.max(now, at) : at;
    messages.push({
      topic: topics.audit,
      key: caseId,
      sequence: loaded.auditSequence,
      type,
      time,
      timeline,
      after,
      data,
    });
  }

  return {
    now,
    findings,
    count,
    addFinding(loaded, { kind, clock, at, data, after = [] }) {
      const { caseId, timeline } = loaded.state;
      findings.push({ foundAt: now, kind, caseId, timeline, data });
      count(loaded.partition, kind, clock);
      publish(loaded, { type: `audit.${kind}`, at, data, after });
    },
    addUnaudited(loaded, at, data) {
      for (const { kind } of data.clocks) count(loaded.partition, "unaudited", kind);
      publish(loaded, { type: "audit.unaudited", at, data, after: [] });
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

/** Returns the row to store. `dueAt` is the instant at which the judge must check the case next. */
export function toRow({ state, partition, auditSequence }: LoadedCase, lines: Lines): CaseRow {
  const dueAt = state.lost === true ? undefined : nextJudgingAt(state, lines.get);
  return { state, partition, auditSequence, dueAt };
}
