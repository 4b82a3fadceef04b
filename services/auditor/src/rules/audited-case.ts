import type { EventOf, Instant, LineRef } from "@crossline/contracts";
import { blur, type CaseState, type Counts } from "./case-state.ts";
import { startCase } from "./apply-event.ts";
import type { AuditedLine } from "./audited-line.ts";
import type { AuditedEvent } from "./audited-event.ts";
import type { Noun, Runs } from "./runs.ts";
import type { ThresholdName } from "./threshold-name.ts";

/** A record that was read, of which no clock fact has told yet when the timer applied it: with what the rules ask for, and no more. */
export type TailRecord = {
  readonly noun: Noun;
  readonly sequence: number;
  readonly type: AuditedEvent["type"];
  readonly time: Instant;
  /** The last record of the other topic that was known when it was published: it was applied after that one. */
  readonly knew: number;
  /** By the database's clock. */
  readonly readAt: Instant;
  readonly data: Readonly<Record<string, unknown>>;
};

/**
 * All that the auditor keeps of one case. Changed in place, within the transaction that has loaded it.
 *
 * `ordered` is the case as the timer had it when it told its last clock fact. What was read since is the `tail`: only the next fact
 * tells in which order the timer applied it.
 */
export type AuditedCase = {
  readonly caseId: string;
  readonly timeline: string;
  readonly ordered: CaseState;
  tail: readonly TailRecord[];
  /** The last sequences that were read, by topic. */
  readonly read: { case: number; handoff: number; clock: number };
  /** How much the timer had applied when it told its last clock fact. */
  told: Counts;
  /** What is applied to `ordered` beyond that: the opening, or what had to leave the tail. */
  ahead: Runs;
  /** The tail had become too long: its oldest records were applied in the order in which they were read. */
  isGuess?: true;
  /** Records are missing: the next clock fact does not say in which order those before it were applied. */
  isTorn?: true;
  /** Clock facts are missing, and with them what they said of the order. */
  isFactMissing?: true;
  /** Until when it was judged what is missed. */
  judgedUntil?: Instant;
  /** Thresholds that were reported as missed, and those of which nothing can be said: each once. */
  reported: readonly ThresholdName[];
  undecided: readonly ThresholdName[];
  /** Its opening was lost: nothing of it is audited. */
  lost?: true;
};

/** Begins to audit a case. */
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

/** A case of which something came before its opening: that was lost, and the case cannot be audited. */
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

/** The lines that the case is under, by any of its records. */
export function linesOf({ ordered, tail }: AuditedCase): LineRef[] {
  return [ordered.line, ...tail.flatMap(({ data }) => (data["line"] === undefined ? [] : [data["line"] as LineRef]))];
}

/** Records are missing, or may be: which orders there can have been is not known, and no clock that runs by then is judged. */
export function markRecordsMissing(audited: AuditedCase, until: Instant): void {
  audited.isTorn = true;
  blur(audited.ordered, until);
}
