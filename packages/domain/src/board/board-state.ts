import type { CaseStatus, Channel, CrossingMode, Device, Instant, LineRef, Severity } from "@crossline/contracts";
import type { CaseClocks } from "../clock/clock.ts";
import type { CaseReading } from "../reading/case-reading.ts";

/** The phase of a hand-off on a board. */
type BoardPhase = "offered" | "claimed" | "question" | "accepted";

/** The open hand-off of a case. `person` has claimed or accepted it. */
type BoardHandoff = {
  readonly id: string;
  readonly queue: string;
  readonly vendor: string;
  readonly mode: CrossingMode;
  readonly phase: BoardPhase;
  readonly offeredAt: Instant;
  readonly person?: string;
  readonly leaseUntil?: Instant;
};

/** A live handling of a case. */
type BoardHandling = {
  readonly id: string;
  readonly party: string;
  readonly channel: Channel;
  readonly since: Instant;
  readonly person?: string;
};

/** A case for the boards of its companies, with the clocks of the case. */
export type BoardCase = {
  readonly caseId: string;
  readonly timeline: string;
  readonly carrier: string;
  readonly carrierCaseId: string;
  readonly kind: string;
  readonly severity: Severity;
  readonly status: CaseStatus;
  readonly line: LineRef;
  readonly openedAt: Instant;
  /** The sequence of the record on the case topic that has the present title. */
  readonly titledBy: number;
  readonly lastEventAt: Instant;
  readonly device?: Device;
  readonly symptom?: string;
  readonly isCanary?: true;
  readonly handlings: readonly BoardHandling[];
  readonly handoff?: BoardHandoff;
  /** The pool of the carrier to which the case is assigned. */
  readonly pool?: { readonly id: string; readonly name: string; readonly person?: string };
  /** The last call of the last resort. Absent if no person needs to be called. */
  readonly resort?: { readonly call: number; readonly nextAt: Instant };
  readonly reading: CaseReading;
  readonly clocks: CaseClocks;
  /** The number of internal entries by company. Another company must not notice them. */
  readonly internal: Readonly<Record<string, number>>;
  /**
   * The records that no clock event has confirmed, in the order of their application. The text has `c` for a record of the case topic, and
   * `h` for a record of the hand-off topic.
   */
  readonly unconfirmed: string;
};
