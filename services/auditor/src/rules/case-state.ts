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

/** A threshold that was due before a record that was applied after it, and that the timer has not told yet. */
export type ExpectedFiring = {
  readonly clock: string;
  readonly kind: ClockKind;
  incarnation: string;
  readonly threshold: number;
  readonly due: Instant;
  /** It is not compared: see `Meter`. */
  readonly unsure: boolean;
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

/** A person live with the customer; the minutes count until then, unless another sign of life comes. */
type Handling = {
  readonly id: string;
  readonly party: string;
  readonly until: Instant;
};

/** How many records of each topic. */
export type Counts = { readonly case: number; readonly handoff: number };

/** A case as it stands after the records that were applied so far: all that the rules of clocks ask for, and the clocks. */
export type CaseState = {
  readonly carrier: string;
  line: LineRef;
  severity: Severity;
  status: CaseStatus;
  /** It was closed because it goes on as another case. */
  mergedAway?: true;
  /** While it is pending. */
  waiting?: Waiting;
  holder: string;
  crossed: boolean;
  handoff?: OpenHandoff;
  /** A person has ever answered the customer. */
  answered?: true;
  /** The customer has asked since it was resolved, and no person has answered. */
  asked?: true;
  needBy?: Instant;
  /** By the customer's confirmation, or a kept promise for it. */
  needByMet?: true;
  handlings: readonly Handling[];
  meters: AuditedClock[];
  owed: ExpectedFiring[];
  applied: Counts;
  /**
   * Until when the order of records was not known last: clocks that began by then are not compared. `crossingUntil`: nor are those
   * of handling minutes that began by then, while it is not known whether the case was crossing.
   */
  blurred?: { readonly until: Instant; readonly crossingUntil?: Instant };
};

/** A case that has just been opened; nothing runs yet. */
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

/** The same case, to be followed in another order. */
export function copyOf(state: CaseState): CaseState {
  return {
    ...state,
    meters: state.meters.map((clock) => ({ ...clock })),
    owed: state.owed.map((owed) => ({ ...owed })),
  };
}

/** The order in which records were applied is not known: the auditor compares no running clock until it restarts. */
export function blur(state: CaseState, until: Instant): void {
  for (const clock of state.meters) clock.unsure = true;
  state.owed = state.owed.map((owed) => ({ ...owed, unsure: true }));
  const last = Math.max(until, state.blurred?.until ?? until);
  state.blurred = { until: last, crossingUntil: last };
}

const ofHandlingMinutes: readonly ClockKind[] = ["stall.busy", "handling.limit"];

/** Whether a clock of this kind began while the order of records was not known. */
export function isBlurred({ blurred }: CaseState, kind: ClockKind, began: Instant): boolean {
  if (blurred === undefined) return false;
  const { until, crossingUntil = until } = blurred;
  return began <= (ofHandlingMinutes.includes(kind) ? crossingUntil : until);
}
