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

/** A firing that the auditor has calculated from the records, and that the timer has not published yet. */
export type ExpectedFiring = {
  readonly clock: string;
  readonly kind: ClockKind;
  incarnation: string;
  readonly threshold: number;
  readonly due: Instant;
  /** True if the clock is unsure (`AuditedClock`), so that the auditor does not report the firing. */
  readonly unsure: boolean;
};

/** The open hand-off. `request` is the sequence of an open information request on the hand-off topic. */
export type OpenHandoff = {
  readonly id: string;
  readonly vendor: string;
  readonly accepted?: true;
  readonly request?: number;
};

/**
 * The pause of a pending case. `by` is the sequence of the record that made the case pending. `on` is the party for which the case
 * waits.
 */
export type Waiting = { readonly by: number; readonly on?: string; readonly maximum?: DurationMs };

/** A handling, which is live until `until`. Each heartbeat moves `until` to a later instant. */
type Handling = {
  readonly id: string;
  readonly party: string;
  readonly until: Instant;
};

/**
 * The clocks that the answer in one outbound message ended, and the incarnation of clocks that this answer started. If the message
 * fails, the company owes the obligations again.
 */
type MessageAnswer = {
  readonly messageId: string;
  readonly incarnation: string;
  readonly clocks: readonly AuditedClock[];
};

/**
 * The membership of a case in an incident. `by` is the sequence of the record that made the case a member. `holder` holds the lead
 * case.
 */
type Membership = { readonly incidentId: string; readonly by: number; readonly holder: string };

/** The number of records of each topic. */
export type Counts = { readonly case: number; readonly handoff: number };

/** The state of a case after some of its records: the clocks, and all values that the rules need. */
export type CaseState = {
  readonly carrier: string;
  line: LineRef;
  severity: Severity;
  status: CaseStatus;
  /** True if a merge closed the case. */
  mergedAway?: true;
  /** The pause. Absent if the case is not pending. */
  waiting?: Waiting;
  holder: string;
  crossed: boolean;
  /** The membership. Absent if the case is solved, if a vendor accepted it, or if it is in no incident. */
  membership?: Membership;
  handoff?: OpenHandoff;
  /** True if a person has answered the customer at least once. */
  answered?: true;
  /** True if the customer has sent an inquiry since the resolution that no person has answered. */
  asked?: true;
  /** The answers in outbound messages that may still fail, the oldest first. */
  answers?: readonly MessageAnswer[];
  needBy?: Instant;
  /** True if the customer has confirmed the fix, or a company has kept a promise for the need-by. */
  needByMet?: true;
  handlings: readonly Handling[];
  meters: AuditedClock[];
  owed: ExpectedFiring[];
  applied: Counts;
  /**
   * The order of the records before `until` is unknown, so the auditor does not compare clocks that started at or before
   * `until`. While the auditor does not know the value of `crossed`, `crossingUntil` replaces `until` for clocks of handling
   * minutes. While the auditor does not know the membership, `membershipUntil` replaces `until` for the clocks that a membership
   * rests or starts.
   */
  blurred?: { readonly until: Instant; readonly crossingUntil?: Instant; readonly membershipUntil?: Instant };
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
    ...(state.answers !== undefined && { answers: state.answers.map(copyOfAnswer) }),
    owed: state.owed.map((owed) => ({ ...owed })),
  };
}

function copyOfAnswer({ clocks, ...answer }: MessageAnswer): MessageAnswer {
  return { ...answer, clocks: clocks.map((clock) => ({ ...clock })) };
}

/**
 * Marks the order of the records before `until` as unknown. The auditor does not compare the firings of an open clock until the
 * clock restarts. If a joining can be among these records, the membership is unknown too, because it depends on the holder.
 */
export function blur(state: CaseState, until: Instant, canHaveJoined = state.membership !== undefined): void {
  for (const clock of state.meters) clock.unsure = true;
  state.owed = state.owed.map((owed) => ({ ...owed, unsure: true }));
  const last = Math.max(until, state.blurred?.until ?? until);
  const isUnknown = canHaveJoined || state.blurred?.membershipUntil !== undefined;
  state.blurred = { until: last, crossingUntil: last, ...(isUnknown && { membershipUntil: last }) };
}

const ofHandlingMinutes: readonly ClockKind[] = ["stall.busy", "handling.limit"];
const ofMembership: readonly ClockKind[] = ["stall.busy", "stall.idle", "information"];

/** Returns whether the order of records was unknown when a clock of this kind started at `began`. */
export function isBlurred({ blurred }: CaseState, kind: ClockKind, began: Instant): boolean {
  if (blurred === undefined) return false;
  const { until, crossingUntil = until, membershipUntil = until } = blurred;
  const ends = [
    until,
    ...(ofHandlingMinutes.includes(kind) ? [crossingUntil] : []),
    ...(ofMembership.includes(kind) ? [membershipUntil] : []),
  ];
  return began <= Math.max(...ends);
}
