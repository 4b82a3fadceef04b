import type {
  Actor,
  CaseEvent,
  CaseStatus,
  Channel,
  ClockEvent,
  Device,
  DurationMs,
  Engineer,
  EventData,
  HandoffEvent,
  Instant,
  LinkedChange,
  LineRef,
  MailEvent,
  MissingSkill,
  Severity,
  Subject,
} from "@crossline/contracts";
import type { Decision, Outcome } from "../decision.ts";
import { type HolderTimes, endTimes, resumeTimes } from "../holder-times.ts";
import type { CaseInquiry } from "../inquiry/inquiry.ts";
import type { IncidentRule, RequiredItem } from "../line/line.ts";
import type { Feasibility } from "../line/need-by.ts";
import type { CaseMessage } from "../message/message.ts";
import type { CaseKnownError } from "../problem/known-error.ts";
import type { CaseReading } from "../reading/case-reading.ts";
import type { Delta, EarlierValues } from "../reading/earlier.ts";
import { isEnded, isUnsolved } from "./status.ts";

/** The state of a case at intake. */
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
  /** The region in which the customer has the problem, by ISO 3166. */
  readonly region?: string;
  readonly needBy?: string | undefined;
  readonly subject?: Subject | undefined;
  readonly status: CaseStatus;
  /** The reason for the wait, while the case is pending. */
  readonly waiting?: { readonly on?: string | undefined; readonly note?: string | undefined };
  readonly fixCode?: string | undefined;
  /** The lower severity that the vendor proposes, until the carrier accepts or declines the proposal. */
  readonly proposedSeverity?: { readonly to: Severity; readonly by: string; readonly reason?: string | undefined };
  /** The sequence of the case's last message on the case topic. */
  readonly sequence: number;
  /**
   * The sequence of the event that started the clock of the status. The event is the last change of status, or a later inquiry
   * or answer. The breach of the clock names the event.
   */
  readonly statusSince: number;
  /**
   * The sequence of the event that last resolved or ended the case; 0 or absent before such an event. A decision that routing
   * made before it read the resolution or end is obsolete.
   */
  readonly solvedSince?: number;
  /** Increases with every change to the case by any service. A person's command names the version that the person read. */
  readonly version: number;
  /** The version of the last change that a person must read before they request a crossing. */
  readonly crossingVersion: number;
  /** True from a request for a crossing by hand until routing reacts to the request. */
  readonly crossingRequested: boolean;
  readonly openedAt: Instant;
  readonly lastEventAt: Instant;
  readonly handoff?: OpenHandoff | undefined;
  /** The open assignment to a pool of the carrier. Only the carrier reads it. */
  readonly pool?: CasePool | undefined;
  /** The number of calls of the last resort; 0 after a person takes the case. */
  readonly lastResortCalls: number;
  /** The roles of the companies in the case; absent before its first offer. */
  readonly reading?: CaseReading;
  /** The values that the last changes replaced. Intake keeps the values while a vendor can read the case. */
  readonly earlier?: EarlierValues<Delta<CaseState>>;
  readonly read: { readonly handoff: number; readonly clock: number };
  readonly handlings: readonly LiveHandling[];
  /** Present if the case is joint. */
  readonly joint?: JointCase;
  /** The root cause of the last resolution. A joint case cannot close without a root cause. */
  readonly rootCause?: string | undefined;
  /** All open promises, and the most recent ended promises. */
  readonly promises?: readonly CasePromise[];
  /** Present if the case is an inquiry. */
  readonly inquiry?: CaseInquiry;
  /** The most recent outbound messages, in any state. They include all messages that are not sent yet. */
  readonly messages?: readonly CaseMessage[];
  /** Present if a canary opened the case. */
  readonly canary?: EventData<"case.opened">["canary"];
  /** The changes that may be the cause of the case, oldest link first. */
  readonly linkedChanges?: readonly ChangeLink[];
  /** The known errors whose workarounds the case got. Only the carrier reads them; a vendor reads the workarounds in the brief. */
  readonly knownErrors?: readonly CaseKnownError[];
  readonly contacts: number;
  /** The number of entries in the shared chain, or of all entries if `chains` is absent. */
  readonly entries: number;
  /** The hash of the last entry that `entries` counts. */
  readonly chain?: string;
  /** The internal chain of each company. Absent in a case that was opened before internal chains existed. */
  readonly chains?: Readonly<Record<string, InternalChain>>;
  /** The events about the membership of the case in incidents. Only the carrier reads them. */
  readonly memberships?: CarriersEvents;
  /** Present if only one company reads the last event: the time of the last event that all companies read. */
  readonly sharedAt?: Instant;
  /**
   * `requires`: the required items of the case's line, if the line has any. `facts`: the names of the facts that the case has.
   */
  readonly requires?: readonly RequiredItem[];
  readonly facts?: readonly string[];
  /** How long the case accepts contacts from the customer after its end, if the line does not use the default. */
  readonly lettersMs?: DurationMs;
  /** Present if alike cases of the line become an incident. */
  readonly incidentRule?: IncidentRule;
  /** The part of the case in an incident. Only the carrier reads it. */
  readonly incident?: CaseIncident;
  /** The maximum length of a live handling, if the line counts handlings until they end. */
  readonly handlingMaxMs?: DurationMs;
  /** The ended case to which the first contact of this case referred. */
  readonly follows?: string;
  /**
   * `mergedInto`: the target case, if this case was merged. `merged`: the source cases of this case. `mergedContacts`: the
   * number of contacts of the source cases.
   */
  readonly mergedInto?: string;
  readonly merged?: readonly string[];
  readonly mergedContacts?: number;
  /** The feasibility of the need-by at the opening. */
  readonly feasibility?: Feasibility;
} & HolderTimes;

/** The open hand-off, with the fields that intake's responses contain. */
export type OpenHandoff = { readonly id: string; readonly vendor: string; readonly queue: string } & (
  | { readonly phase: "offered" | "accepted" }
  /**
   * `leaseUntil` is absent in a row that was stored before Crossline stored leases. A hand-off without `leaseUntil` counts as
   * leased until the next event of the hand-off.
   */
  | { readonly phase: "claimed" | "info-requested"; readonly leaseUntil?: Instant | undefined }
);

/** The open assignment to a pool, with the fields that intake's responses contain. */
export type CasePool = {
  readonly assignmentId: string;
  readonly pool: string;
  readonly assignedAt: Instant;
  /** The person without the skill, if the trigger `skill.missing` caused the assignment. */
  readonly missing?: MissingSkill | undefined;
  /** The person who claimed the assignment last. */
  readonly claimedBy?: string | undefined;
};

/** The number of events that only the carrier reads, and their number at the time when the case reached this `crossingVersion`. */
export type CarriersEvents = {
  readonly events: number;
  readonly lastAt: Instant;
  readonly before: { readonly crossingVersion: number; readonly events: number };
};

/** The number of cases of an incident with its lead, and the instants at which the first and the last of them were opened. */
export type IncidentSize = Pick<EventData<"incident.counted">, "cases" | "firstOpenedAt" | "lastOpenedAt">;

/**
 * The part of a case in an incident. `starts` has the sequences of the events that start the clock `information` for the incident:
 * `incident.joined`, and later moves to another line.
 */
type CaseIncident =
  | { readonly id: string; readonly role: "lead"; readonly since: Instant; readonly size: IncidentSize }
  | {
      readonly id: string;
      readonly role: "member";
      readonly since: Instant;
      readonly leadCaseId: string;
      /** The company that holds the lead case. */
      readonly holder: string;
      readonly starts: readonly number[];
    };

/** The internal chain of one company. Other companies read neither the entries nor the length of this chain. */
export type InternalChain = {
  readonly entries: number;
  /** The hash of the last entry. */
  readonly head: string;
  readonly lastAt: Instant;
  /** The number of entries at the time when the case reached this `crossingVersion`. */
  readonly before: { readonly crossingVersion: number; readonly entries: number };
};

export type JointCase = {
  readonly accountable: string;
  readonly parties: readonly string[];
  readonly since: Instant;
  readonly returns: number;
  readonly persons: readonly { readonly party: string; readonly engineer: Engineer }[];
};

/** The link of a case to a change. A removed link stays in the list, so that no program links the case again. */
export type ChangeLink = LinkedChange & { readonly removed?: true };

/** A promise with its window. */
export type CasePromise = {
  readonly id: string;
  readonly promisor: string;
  readonly text: string;
  readonly from?: string;
  readonly until: string;
  /** The obligation that the delivery of this promise also meets, if the delivery is in time. */
  readonly for?: "need-by";
  readonly state: "open" | "kept" | "late" | "withdrawn";
  readonly deliveredAt?: Instant;
};

export type LiveHandling = {
  readonly id: string;
  readonly party: string;
  /** The company's own id of the person who is live with the customer, if it is known. */
  readonly person?: string | undefined;
  readonly channel: Channel;
  readonly startedAt: Instant;
  readonly lastBeatAt: Instant;
  /** The instant from which the minutes of the handling do not count, because no heartbeat came. */
  readonly silentSince?: Instant;
};

/** The events of other services that intake applies to a case. */
export type CaseInput = HandoffEvent | ClockEvent | MailEvent;

export type CaseDecision = Decision<CaseState, CaseEvent>;

export type CaseOutcome = Outcome<CaseState, CaseEvent>;

/** Returns the case with another status. If the new status ends the case, the holder's time stops. */
export function enterStatus(state: CaseState, status: CaseStatus, at: Instant): CaseState {
  const { waiting: _, ...rest } = state;
  const entered = { ...rest, status, statusSince: state.sequence, crossingVersion: state.version };
  if (isUnsolved(status)) return resumeTimes(entered, at);
  // If the case is resolved or ended, routing stops the calls and publishes no event about the stop.
  const solved = { ...entered, solvedSince: state.sequence, lastResortCalls: 0, crossingRequested: false };
  return isEnded(status) ? { ...endTimes(solved, at), handlings: [] } : resumeTimes(solved, at);
}

/** Returns intake as the actor of an event that no person caused. */
export function intakeActor(state: CaseState): Actor {
  return { party: state.carrier, automated: true };
}
