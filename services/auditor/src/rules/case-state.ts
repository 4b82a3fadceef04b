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
import type { AuditedClock } from "./audited-clock.ts";

/** An expected firing: its deadline is before a later record, and the timer has not published it yet. */
export type ExpectedFiring = {
  readonly clock: string;
  readonly kind: ClockKind;
  incarnation: string;
  readonly threshold: number;
  readonly due: Instant;
  /** The auditor does not compare it. See `AuditedClock`. */
  readonly unsure: boolean;
};

/** The open hand-off. `request`: the sequence of an open information request on the hand-off topic. */
export type OpenHandoff = {
  readonly id: string;
  readonly vendor: string;
  readonly accepted?: true;
  readonly request?: number;
};

/** The wait of a pending case: `by` is the sequence of its start, `on` the party that it waits for. */
export type Waiting = { readonly by: number; readonly on?: string; readonly maximum?: DurationMs };

/** A handling. Its minutes count until `until`, which a heartbeat moves. */
type Handling = {
  readonly id: string;
  readonly party: string;
  readonly until: Instant;
};

/** A number of records by topic. */
export type Counts = { readonly case: number; readonly handoff: number };

/** The state of a case after a number of records: its clocks, and all values that the rules need. */
export type CaseState = {
  readonly carrier: string;
  line: LineRef;
  severity: Severity;
  status: CaseStatus;
  /** A merge closed the case. */
  mergedAway?: true;
  /** Set while the case is pending. */
  waiting?: Waiting;
  holder: string;
  crossed: boolean;
  handoff?: OpenHandoff;
  /** A person has answered the customer at least once. */
  answered?: true;
  /** The customer has sent an inquiry since the resolution, and no person has answered it. */
  asked?: true;
  needBy?: Instant;
  /** The customer has confirmed the fix, or a company has kept a promise for the need-by. */
  needByMet?: true;
  handlings: readonly Handling[];
  meters: AuditedClock[];
  owed: ExpectedFiring[];
  applied: Counts;
  /**
   * The order of records before `until` is unknown, so the auditor does not compare clocks that started by then. `crossingUntil` is the
   * same for clocks of handling minutes, while it is unknown whether the case was crossing.
   */
  blurred?: { readonly until: Instant; readonly crossingUntil?: Instant };
};

/** Returns the state of a new case without clocks. */
export function openedState({ sequence, data }: EventOf<"case.opened">): CaseState {
  return {
    ...(data.needBy !== undefined && { needBy: parseInstant(data.needBy) }),
    ...(data.status === "pending" && { waiting: { by: sequence } }),
    carrier: data.carrier,
    line: data.line,
    severity: data.severity,
    status: data.status,
    holder: data.carrier,
    crossed: false,
    handlings: [],
    meters: [],
    owed: [],
    applied: { case: sequence, handoff: 0 },
  };
}

/** Copies a state, so that records can be applied in another order. */
export function copyOf(state: CaseState): CaseState {
  return {
    ...state,
    meters: state.meters.map((clock) => ({ ...clock })),
    owed: state.owed.map((owed) => ({ ...owed })),
  };
}

/** Marks the order of records as unknown. The auditor then compares no open clock until it restarts. */
export function blur(state: CaseState, until: Instant): void {
  for (const clock of state.meters) clock.unsure = true;
  state.owed = state.owed.map((owed) => ({ ...owed, unsure: true }));
  const last = Math.max(until, state.blurred?.until ?? until);
  state.blurred = { until: last, crossingUntil: last };
}

const ofHandlingMinutes: readonly ClockKind[] = ["stall.busy", "handling.limit"];

/** Returns whether a clock of this kind started while the order of records was unknown. */
export function isBlurred({ blurred }: CaseState, kind: ClockKind, began: Instant): boolean {
  if (blurred === undefined) return false;
  const { until, crossingUntil = until } = blurred;
  return began <= (ofHandlingMinutes.includes(kind) ? crossingUntil : until);
}
