import type { CaseStatus, ClockKind, EventOf, Instant, LineRef, Severity } from "@crossline/contracts";
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

/** A clock as it was before an event that the timer may not have read when the clock fired. */
export type Past = { readonly meter: Meter; readonly until: readonly [noun: "case" | "handoff", sequence: number] };

/** All that the auditor keeps of one case. Changed in place, within the transaction that has loaded it. */
export type AuditedCase = {
  readonly caseId: string;
  readonly timeline: string;
  readonly carrier: string;
  readonly line: LineRef;
  readonly severity: Severity;
  status: CaseStatus;
  holder: string;
  crossed: boolean;
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
    caseId: key,
    timeline,
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
