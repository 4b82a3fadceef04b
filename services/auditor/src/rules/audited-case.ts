import type { EventOf, Instant, LineRef } from "@crossline/contracts";
import { blur, type CaseState, type Counts } from "./case-state.ts";
import { startCase } from "./apply-event.ts";
import type { AuditedLine } from "./audited-line.ts";
import type { AuditedEvent } from "./audited-event.ts";
import type { Noun, Runs } from "./runs.ts";
import type { ThresholdName } from "./threshold-name.ts";

/** A record in the tail, with only the data that the rules need. */
export type TailRecord = {
  readonly noun: Noun;
  readonly sequence: number;
  readonly type: AuditedEvent["type"];
  readonly time: Instant;
  /** The sequence of the record's cause on the other topic. The timer applied the cause before the record. */
  readonly knew: number;
  /** By Postgres' clock. */
  readonly readAt: Instant;
  readonly data: Readonly<Record<string, unknown>>;
};

/**
 * The auditor's state of one case. The transaction that has loaded the case changes this object in place.
 *
 * `ordered` is the state of the case that the timer had at its last clock event. `tail` contains the records that the auditor has
 * read but not applied to `ordered`. The next clock event publishes the order in which the timer applied the records of the tail.
 */
export type AuditedCase = {
  readonly caseId: string;
  readonly timeline: string;
  readonly ordered: CaseState;
  tail: readonly TailRecord[];
  /** The sequences of the last records that the auditor has read, by topic. */
  readonly read: { case: number; handoff: number; clock: number };
  /** The number of records that the timer has reported as applied, up to its last clock event. */
  told: Counts;
  /**
   * The order of the records that `ordered` includes, but that no clock event has reported: the opening, and records that had to leave
   * the tail.
   */
  ahead: Runs;
  /** True if the auditor applied the oldest records in the read order, because the tail was too long or too old. */
  isGuess?: true;
  /** True if records are missing, so that the auditor cannot apply the order in the next clock event. */
  isTorn?: true;
  /** True if clock events are missing, so that the order in these events is unknown. */
  isFactMissing?: true;
  /** The instant until which the judge has searched for missed firings. */
  judgedUntil?: Instant;
  /**
   * The thresholds that the judge has reported as missed. `undecided` contains the thresholds for which the judge could not decide.
   */
  reported: readonly ThresholdName[];
  undecided: readonly ThresholdName[];
  /** True if the auditor audits no clock of the case, because the opening was lost. */
  lost?: true;
};

/** Creates an audited case from its `case.opened` event. */
export function openCase(opened: EventOf<"case.opened">, line: AuditedLine): AuditedCase {
  const { key: caseId, timeline, sequence } = opened;
  return {
    caseId,
    timeline,
    ordered: startCase(opened, line),
    tail: [],
    read: { case: sequence, handoff: 0, clock: 0 },
    told: { case: 0, handoff: 0 },
    ahead: [sequence],
    reported: [],
    undecided: [],
  };
}

/** Creates an audited case whose `case.opened` event was lost. The auditor audits no clock of this case. */
export function createLostCase({ key, timeline }: { readonly key: string; readonly timeline: string }): AuditedCase {
  const ordered: CaseState = {
    carrier: "builtin",
    line: { carrier: "builtin", name: "default", version: 1 },
    severity: "minor",
    status: "closed",
    holder: "builtin",
    crossed: false,
    handlings: [],
    meters: [],
    owed: [],
    applied: { case: 0, handoff: 0 },
  };
  const none = { case: 0, handoff: 0 };
  return {
    caseId: key,
    timeline,
    ordered,
    tail: [],
    read: { ...none, clock: 0 },
    told: none,
    ahead: [],
    reported: [],
    undecided: [],
    lost: true,
  };
}

/** Returns the references of the lines that the rules need for the records of the case. */
export function linesOf({ ordered, tail }: AuditedCase): LineRef[] {
  return [ordered.line, ...tail.flatMap(({ data }) => (data["line"] === undefined ? [] : [data["line"] as LineRef]))];
}

/**
 * Marks that records of the case are missing or may be missing. The auditor does not compare the clocks that are open at `until`,
 * because the order of records is unknown.
 */
export function markRecordsMissing(audited: AuditedCase, until: Instant): void {
  audited.isTorn = true;
  blur(audited.ordered, until, true);
}
