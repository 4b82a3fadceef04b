import type { EventOf, Instant, LineRef } from "@crossline/contracts";
import { blur, type CaseState, type Counts } from "./case-state.ts";
import { startCase } from "./apply-event.ts";
import type { AuditedLine } from "./audited-line.ts";
import type { AuditedEvent } from "./audited-event.ts";
import type { Noun, Runs } from "./runs.ts";
import type { ThresholdName } from "./threshold-name.ts";

/**
 * A record that the auditor has read, but whose place in the timer's order no clock event has published yet. It has only the data that
 * the rules need.
 */
export type TailRecord = {
  readonly noun: Noun;
  readonly sequence: number;
  readonly type: AuditedEvent["type"];
  readonly time: Instant;
  /** The sequence of its cause on the other topic. The timer must have applied that record before this one. */
  readonly knew: number;
  /** By Postgres' clock. */
  readonly readAt: Instant;
  readonly data: Readonly<Record<string, unknown>>;
};

/**
 * The auditor's state of one case. The transaction that has loaded it changes it in place.
 *
 * `ordered` is the case as the timer had it at its last clock event. `tail` has the records that the auditor has read since. Only the
 * next clock event publishes the order in which the timer applied them.
 */
export type AuditedCase = {
  readonly caseId: string;
  readonly timeline: string;
  readonly ordered: CaseState;
  tail: readonly TailRecord[];
  /** The sequences of the last records that the auditor has read, by topic. */
  readonly read: { case: number; handoff: number; clock: number };
  /** The number of records that the timer had applied at its last clock event. */
  told: Counts;
  /** The records that `ordered` contains in addition to those of `told`: the opening, or records that had to leave the tail. */
  ahead: Runs;
  /** The tail was too long, so the auditor applied its oldest records in the order in which it read them. */
  isGuess?: true;
  /** Records are missing, so the order of the next clock event cannot be used. */
  isTorn?: true;
  /** Clock events are missing, so their part of the order is unknown. */
  isFactMissing?: true;
  /** The instant until which the judge has searched for missed firings. */
  judgedUntil?: Instant;
  /** Thresholds that were reported as missed, each once. `undecided` has those that the auditor could not decide. */
  reported: readonly ThresholdName[];
  undecided: readonly ThresholdName[];
  /** The opening was lost, so the auditor audits nothing of the case. */
  lost?: true;
};

/** Creates the audited case of an opening. */
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

/** Creates a case whose first record is not its opening. The opening was lost, so the case is unaudited. */
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

/** Returns the lines that the rules need to apply the records of the case. */
export function linesOf({ ordered, tail }: AuditedCase): LineRef[] {
  return [ordered.line, ...tail.flatMap(({ data }) => (data["line"] === undefined ? [] : [data["line"] as LineRef]))];
}

/** Marks that records are or may be missing. The order is then unknown, so the auditor does not compare the clocks that run at `until`. */
export function markRecordsMissing(audited: AuditedCase, until: Instant): void {
  audited.isTorn = true;
  blur(audited.ordered, until);
}
