import {
  type CaseStatus,
  type ClockKind,
  type DurationMs,
  type EventOf,
  type Instant,
  type LineRef,
  type Severity,
  parseInstant,
} from "@crossline/contracts";
import type { Meter } from "./meter.ts";
import type { Doubt } from "./order.ts";

/** A threshold that was due by the history, and that the timer has not told yet. */
export type Owed = {
  readonly clock: string;
  readonly kind: ClockKind;
  incarnation: string;
  readonly threshold: number;
  readonly due: Instant;
  /** Not held against the timer: see `Meter`. */
  readonly unsure: boolean;
  /** It has been reported as missed. */
  missed?: true;
};

/**
 * A clock as it was before an event that the timer may not have read when the clock fired; with the line that it had, where that
 * event moved the case.
 */
export type Past = {
  readonly meter: Meter;
  readonly until: readonly [noun: "case" | "handoff", sequence: number];
  readonly line?: LineRef;
};

/** The hand-off that is open. `request`: the vendor has asked back by that record of the hand-off topic. */
export type OpenHandoff = {
  readonly id: string;
  readonly vendor: string;
  readonly accepted?: true;
  readonly request?: number;
};

/** Whom a pending case waits for and for how long at most, by which record of the case topic. */
export type Waiting = { readonly by: number; readonly on?: string; readonly maximum?: DurationMs };

/** What was kept before all kinds of clocks had rules has no form: see `wasKept`. */
const form = 2;

/** The kinds that had rules before. */
const first: readonly ClockKind[] = [
  "first-response",
  "stall.busy",
  "handling.limit",
  "stall.idle",
  "vendor.acceptance",
  "confirmation",
  "information",
  "last-resort",
];

/** Whether what clocks of this kind depend on has been kept since the case was opened. */
export function wasKept(on: Pick<AuditedCase, "form">, kind: ClockKind): boolean {
  return on.form !== undefined || first.includes(kind);
}

/** All that the auditor keeps of one case. Changed in place, within the transaction that has loaded it. */
export type AuditedCase = {
  readonly form?: number;
  readonly caseId: string;
  readonly timeline: string;
  readonly carrier: string;
  line: LineRef;
  severity: Severity;
  status: CaseStatus;
  /** While it is pending. */
  waiting?: Waiting;
  holder: string;
  crossed: boolean;
  handoff?: OpenHandoff;
  /** A person has ever answered the customer. */
  answered?: true;
  needBy?: Instant;
  /** The last sequences that were read, by topic. */
  readonly read: { case: number; handoff: number; clock: number };
  /** The last sequences of events whose order against those of the other topic matters: see `order.ts`. */
  readonly weight: { turn: number; offer: number; settling: number; crossing: number };
  doubts: Doubt[];
  handlings: { readonly id: string; readonly party: string; readonly beatAt: Instant }[];
  meters: Meter[];
  owed: Owed[];
  past: Past[];
  /** Its beginning never came: reported once, and nothing of it is audited. */
  lost?: true;
};

/** A case that has just been opened; nothing runs yet. */
export function openCase({ key, timeline, sequence, data }: EventOf<"case.opened">): AuditedCase {
  return {
    form,
    caseId: key,
    timeline,
    ...(data.needBy !== undefined && { needBy: parseInstant(data.needBy) }),
    ...(data.status === "pending" && { waiting: { by: sequence } }),
    carrier: data.carrier,
    line: data.line,
    severity: data.severity,
    status: data.status,
    holder: data.carrier,
    crossed: false,
    read: { case: sequence, handoff: 0, clock: 0 },
    weight: { turn: 0, offer: 0, settling: 0, crossing: 0 },
    doubts: [],
    handlings: [],
    meters: [],
    owed: [],
    past: [],
  };
}

/** A case of which something came before its opening: that was lost, and the case cannot be audited. */
export function lostCase({ key, timeline }: { readonly key: string; readonly timeline: string }): AuditedCase {
  return {
    form,
    caseId: key,
    timeline,
    carrier: "builtin",
    line: { carrier: "builtin", name: "default", version: 1 },
    severity: "minor",
    status: "closed",
    holder: "builtin",
    crossed: false,
    read: { case: 0, handoff: 0, clock: 0 },
    weight: { turn: 0, offer: 0, settling: 0, crossing: 0 },
    doubts: [],
    handlings: [],
    meters: [],
    owed: [],
    past: [],
    lost: true,
  };
}
