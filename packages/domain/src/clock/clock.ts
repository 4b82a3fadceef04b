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

/** A stretch of counted time; without an end it is still being counted, with no limit in sight. */
type Interval = { readonly from: Instant; readonly to?: Instant };

/** One running obligation on a case. What is counted, and from when, is all in `counted`; every deadline follows from it. */
export type Clock = {
  readonly name: string;
  readonly kind: ClockKind;
  /** What started this incarnation: of two clocks of one name, the start tells them apart. */
  readonly start: ClockStart;
  readonly charged: string;
  readonly startedAt: Instant;
  readonly targetMs: DurationMs;
  /** The target is not its rule's by the severity: the customer is on the line, or an offer, a pause or a plan has its own. */
  readonly own?: true;
  readonly thresholds: readonly number[];
  readonly counted: readonly Interval[];
  /** The thresholds that have fired, in order: when they were due and when they fired. */
  readonly fired: readonly { readonly dueAt: Instant; readonly firedAt: Instant }[];
  /** Its target, its line or its start was changed then: nothing that has not fired is due earlier. */
  readonly notBefore?: Instant;
  /** Its breach was overtaken, and that has been published. */
  readonly overtaken?: boolean;
};

/** The open hand-off of a case. `asked`: of the hand-off topic, the sequence of an information request that is open. */
export type ClockHandoff = {
  readonly id: string;
  readonly vendor: string;
  readonly accepted: boolean;
  readonly asked?: number;
};

/** A clock that no longer runs but has fired: kept for explanation, and to see what came just too late to stop it. */
export type EndedClock = Clock & { readonly endedAt: Instant; readonly overtaken: boolean };

/** A live interaction of one party's person with the customer. */
export type Handling = {
  readonly id: string;
  readonly party: string;
  readonly channel: Channel;
  /** Its minutes count until then, unless a sign of life moves it. */
  readonly liveUntil: Instant;
  /** `handling.silent` has been published for this silence. */
  readonly silent?: true;
};

/** Everything that the clocks of one case depend on. */
export type CaseClocks = {
  readonly caseId: string;
  readonly timeline: string;
  readonly carrier: string;
  readonly line: LineRef;
  readonly severity: Severity;
  readonly status: CaseStatus;
  readonly holder: string;
  /** True from the moment the case crosses until a holder takes it over: the handling clocks have done their work. */
  readonly crossed: boolean;
  /** A person has answered the customer: from then on it is updates that are owed. */
  readonly answered?: true;
  /** The customer wrote on the resolved case and waits for an answer: the case does not close by itself meanwhile. */
  readonly unanswered?: true;
  /** While the status is pending: for whom the case waits, and for how long at most. */
  readonly waiting?: { readonly on: "customer" | "vendor" | "carrier"; readonly maximumMs?: DurationMs };
  /** Of the case topic, the sequence of the event that made it pending. */
  readonly pendingSince?: number;
  readonly handoff?: ClockHandoff;
  readonly needBy?: Instant;
  /** What the customer needed by then was confirmed, or was delivered as promised: it is owed no more. */
  readonly needByMet?: true;
  /** Of the clock topic: how many messages this case has had. */
  readonly sequence: number;
  /** The last sequences of the case and hand-off topics that were applied. */
  readonly read: { readonly case: number; readonly handoff: number };
  /** In which order both topics were applied since the last message; absent where nothing was. */
  readonly applied?: ApplicationOrder;
  readonly handlings: readonly Handling[];
  readonly clocks: readonly Clock[];
  readonly ended: readonly EndedClock[];
};
