import type {
  ApplicationOrder,
  CaseStatus,
  Channel,
  ClockKind,
  DurationMs,
  Instant,
  LineRef,
  Severity,
} from "@crossline/contracts";
import type { ClockStart } from "./start.ts";

/** A counted interval. If `to` is absent, the clock is counting and has no known limit. */
type Interval = { readonly from: Instant; readonly to?: Instant };

/** One running obligation of a case. Every deadline follows from `counted`. */
export type Clock = {
  readonly name: string;
  readonly kind: ClockKind;
  /** The start of this incarnation. The start distinguishes the incarnations of one clock name. */
  readonly start: ClockStart;
  readonly charged: string;
  readonly startedAt: Instant;
  readonly targetMs: DurationMs;
  /**
   * Present if the target does not follow the severity: the customer is live, or an offer, pause, plan or merge sets the
   * target.
   */
  readonly own?: true;
  readonly thresholds: readonly number[];
  readonly counted: readonly Interval[];
  /** The fired thresholds, in order, with their deadlines and firing times. */
  readonly fired: readonly { readonly dueAt: Instant; readonly firedAt: Instant }[];
  /** The instant of the last change of target, line or start. Each later firing is due at this instant or after it. */
  readonly notBefore?: Instant;
  /** True after `clock.overtaken` was published for the breach. */
  readonly overtaken?: boolean;
};

/** The open hand-off of a case. `asked` is the sequence of an open information request on the hand-off topic. */
export type ClockHandoff = {
  readonly id: string;
  readonly vendor: string;
  readonly accepted: boolean;
  readonly asked?: number;
};

/** An ended clock that has fired. The timer keeps ended clocks for explanations, and to find overtaken firings. */
export type EndedClock = Clock & { readonly endedAt: Instant; readonly overtaken: boolean };

/**
 * The clocks that the answer in one outbound message met, and the start of that answer. A message that fails later did not
 * answer the customer.
 */
type MessageAnswer = {
  readonly messageId: string;
  readonly start: ClockStart;
  readonly clocks: readonly Clock[];
};

/**
 * The membership of a case in an incident. `holder` holds the lead case. `starts` has the sequences of the case events from which
 * `information` can run for the incident: the joining, and each later move.
 */
export type IncidentMember = {
  readonly incidentId: string;
  readonly holder: string;
  readonly starts: readonly number[];
};

/** A live handling. A person of one party is live with the customer. */
export type Handling = {
  readonly id: string;
  readonly party: string;
  readonly channel: Channel;
  /** The horizon: without another heartbeat, minutes count until this instant. */
  readonly liveUntil: Instant;
  /** True after `handling.silent` was published for this silence. */
  readonly silent?: true;
};

/** The state of the clocks of one case. */
export type CaseClocks = {
  readonly caseId: string;
  readonly timeline: string;
  readonly carrier: string;
  readonly line: LineRef;
  readonly severity: Severity;
  readonly status: CaseStatus;
  readonly holder: string;
  /** True from the crossing until a takeover or an assignment to a pool. In this time, no clock of live handlings may start. */
  readonly crossed: boolean;
  /** True after a person has answered the customer. After the first answer, the clock `next-update` applies. */
  readonly answered?: true;
  /** True while the customer of a resolved case waits for an answer, so that the case does not close automatically. */
  readonly unanswered?: true;
  /** The answers in outbound messages that may still fail, the oldest first. */
  readonly answers?: readonly MessageAnswer[];
  /** Present while the case is pending: the party for which the case waits, and the maximum of the pause. */
  readonly waiting?: { readonly on: "customer" | "vendor" | "carrier"; readonly maximumMs?: DurationMs };
  /** The sequence of the event on the case topic that made the case pending. */
  readonly pendingSince?: number;
  /** Present while the case is an unsolved member of an incident and the carrier holds the case. */
  readonly member?: IncidentMember;
  readonly handoff?: ClockHandoff;
  readonly needBy?: Instant;
  /** True after a confirmation, or the delivery of a promise for the need-by, has met the need-by. */
  readonly needByMet?: true;
  /** The sequence of the case's last message on the clock topic. */
  readonly sequence: number;
  /** The last applied sequences of the case topic and the hand-off topic. */
  readonly read: { readonly case: number; readonly handoff: number };
  /**
   * The order in which the timer applied records of the case topic and the hand-off topic since the last clock event; absent if
   * empty.
   */
  readonly applied?: ApplicationOrder;
  readonly handlings: readonly Handling[];
  readonly clocks: readonly Clock[];
  readonly ended: readonly EndedClock[];
};
