import type {
  Actor,
  CaseEvent,
  CaseStatus,
  Channel,
  ClockEvent,
  Device,
  DurationMs,
  Engineer,
  HandoffEvent,
  Instant,
  LineRef,
  Severity,
  Subject,
} from "@crossline/contracts";
import type { Decision, Outcome } from "../decision.ts";
import { type HolderTimes, endTimes, resumeTimes } from "../holder-times.ts";
import type { RequiredItem } from "../line/line.ts";
import type { Feasibility } from "../line/need-by.ts";
import type { CaseReading } from "../reading/case-reading.ts";
import type { Delta, EarlierValues } from "../reading/earlier.ts";
import { isEnded, isUnsolved } from "./status.ts";

/** A case as intake keeps it: what it is, where it stands, and who has it. */
export type CaseState = {
  readonly id: string;
  readonly timeline: string;
  readonly carrier: string;
  readonly carrierCaseId: string;
  readonly kind: string;
  readonly severity: Severity;
  readonly title: string;
  readonly channel: Channel;
  readonly line: LineRef;
  readonly lineReason: string;
  readonly device?: Device | undefined;
  readonly symptom?: string | undefined;
  readonly needBy?: string | undefined;
  readonly subject?: Subject | undefined;
  readonly status: CaseStatus;
  /** What the case waits for, while it is pending. */
  readonly waiting?: { readonly on?: string | undefined; readonly note?: string | undefined };
  readonly fixCode?: string | undefined;
  /** A lower severity that the vendor proposes, while the carrier has not answered. */
  readonly proposedSeverity?: { readonly to: Severity; readonly by: string; readonly reason?: string | undefined };
  /** Of the case topic: how many messages this case has had. */
  readonly sequence: number;
  /**
   * The sequence of the event since which the clock of the status runs, by which a breach names what it is about: it made the case
   * pending or resolved, or it was the customer's last inquiry or the last answer since.
   */
  readonly statusSince: number;
  /** The sequence of the event that last solved or ended it; 0 or none before. What routing decided earlier is void. */
  readonly solvedSince?: number;
  /** Grows with every change that is seen here, of whatever source; what a person saw is "as of" a version. */
  readonly version: number;
  /** The version of the last change that matters to somebody who wants the case to cross. */
  readonly crossingVersion: number;
  /** A crossing was asked for by hand and routing has not answered yet. */
  readonly crossingRequested: boolean;
  readonly openedAt: Instant;
  readonly lastEventAt: Instant;
  readonly handoff?: OpenHandoff | undefined;
  /** Calls of the last resort, while nobody has taken the case. */
  readonly lastResortCalls: number;
  /** Which companies have which part in the case; absent before its first offer. */
  readonly reading?: CaseReading;
  /** Takes back the last changes; kept as long as a vendor reads the case. */
  readonly earlier?: EarlierValues<Delta<CaseState>>;
  readonly read: { readonly handoff: number; readonly clock: number };
  readonly handlings: readonly LiveHandling[];
  /** Nobody sends this case back any more: who answers for it, and each company's person. */
  readonly joint?: JointCase;
  /** Of the last cure; a joint case closes with one only. */
  readonly rootCause?: string | undefined;
  /** The last ones, whatever became of them; those that are open are all here. */
  readonly promises?: readonly CasePromise[];
  readonly contacts: number;
  /** Entries of the shared chain, which all companies read; of all entries where `chains` is absent. */
  readonly entries: number;
  /** The hash of the last one of them. */
  readonly chain?: string;
  /** Each company's chain of internal entries. Absent where the case was opened before there were such chains. */
  readonly chains?: Readonly<Record<string, InternalChain>>;
  /** When the last event was an internal entry: the time of the last event that all companies read. */
  readonly sharedAt?: Instant;
  /** What the case's line requires, where it requires something, and the names of the facts that were given. */
  readonly requires?: readonly RequiredItem[];
  readonly facts?: readonly string[];
  /** For how long after its end the case takes the customer's contacts: its line's. */
  readonly lettersMs?: DurationMs;
  /** Where its line counts live handlings until they end: for how long at most. */
  readonly handlingMaxMs?: DurationMs;
  /** The ended case that its first contact was about. */
  readonly follows?: string;
  /** Where it was merged into another case, and which cases were merged into it, with their contacts. */
  readonly mergedInto?: string;
  readonly merged?: readonly string[];
  readonly mergedContacts?: number;
  /** Whether its need-by could be met when it was opened. */
  readonly feasibility?: Feasibility;
} & HolderTimes;

/** The open hand-off, as far as intake's answers say it. */
export type OpenHandoff = { readonly id: string; readonly vendor: string; readonly queue: string } & (
  | { readonly phase: "offered" | "accepted" }
  /** A row from before leases were kept has none: it reads as leased until the next fact of the hand-off. */
  | { readonly phase: "claimed" | "info-requested"; readonly leaseUntil?: Instant | undefined }
);

/** The chain of one company's internal entries. Other companies learn neither its entries nor how long it is. */
export type InternalChain = {
  readonly entries: number;
  /** The hash of its last entry. */
  readonly head: string;
  readonly lastAt: Instant;
  /** How many entries it had when the case got the `crossingVersion` that is named here. */
  readonly before: { readonly crossingVersion: number; readonly entries: number };
};

export type JointCase = {
  readonly accountable: string;
  readonly parties: readonly string[];
  readonly since: Instant;
  readonly returns: number;
  readonly persons: readonly { readonly party: string; readonly engineer: Engineer }[];
};

/** A commitment with a window. */
export type CasePromise = {
  readonly id: string;
  readonly promisor: string;
  readonly text: string;
  readonly from?: string;
  readonly until: string;
  /** What its delivery is the cure for. */
  readonly for?: "need-by";
  readonly state: "open" | "kept" | "late" | "withdrawn";
  readonly deliveredAt?: Instant;
};

export type LiveHandling = {
  readonly id: string;
  readonly party: string;
  /** The company's own id of who is live with the customer, where it says so. */
  readonly person?: string | undefined;
  readonly channel: Channel;
  readonly startedAt: Instant;
  readonly lastBeatAt: Instant;
  /** Its minutes count no more since then: no heartbeat has come. */
  readonly silentSince?: Instant;
};

/** The events that intake reads. */
export type CaseInput = HandoffEvent | ClockEvent;

export type CaseDecision = Decision<CaseState, CaseEvent>;

export type CaseOutcome = Outcome<CaseState, CaseEvent>;

/** Changes the status; when the case ends, the times by holder end with it. */
export function enterStatus(state: CaseState, status: CaseStatus, at: Instant): CaseState {
  const { waiting: _, ...rest } = state;
  const standing = { ...rest, status, statusSince: state.sequence, crossingVersion: state.version };
  if (isUnsolved(status)) return resumeTimes(standing, at);
  // Routing stops calling for a case that is solved, and publishes nothing of it.
  const solved = { ...standing, solvedSince: state.sequence, lastResortCalls: 0, crossingRequested: false };
  return isEnded(status) ? { ...endTimes(solved, at), handlings: [] } : resumeTimes(solved, at);
}

/** Intake itself, as the actor of what it does without a person. */
export function intakeActor(state: CaseState): Actor {
  return { party: state.carrier, automated: true };
}
