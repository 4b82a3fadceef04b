import {
  type CaseEvent,
  type CaseStatus,
  type Channel,
  type ClockEvent,
  type ContactContent,
  type EventData,
  type HandoffEvent,
  type Instant,
  type LineRef,
  type PageEvent,
  type QueueEvent,
} from "@crossline/contracts";
import type { Decision, Outcome } from "../decision.ts";
import type { BreachEffect } from "../clock/change.ts";
import type { HolderTimes } from "../holder-times.ts";
import type { RequiredItem } from "../line/line.ts";
import type { LivePerson } from "../pool/live-person.ts";
import type { CaseReading } from "../reading/case-reading.ts";
import type { Material } from "./material-version.ts";
import type { CaseWait } from "./waits.ts";

/** The state of a case in routing, on which its hand-offs depend. */
export type CaseCrossing = {
  readonly caseId: string;
  readonly timeline: string;
  readonly carrier: string;
  readonly line: LineRef;
  readonly status: CaseStatus;
  /** The last sequence on the hand-off topic, and on each vendor's queue topic. */
  readonly sequence: number;
  readonly queueSequences: Readonly<Record<string, number>>;
  readonly read: { readonly case: number; readonly clock: number };
  readonly lastEventAt: Instant;
  /** The next line step, and the number of the next attempt at this step. */
  readonly next: { readonly step: number; readonly attempt: number };
  readonly waits: CaseWait;
  /**
   * The pages about deadlines: `emergency` is true after routing paged the emergency roster, and `next` is the index of the
   * next roster.
   */
  readonly pages?: { readonly emergency: boolean; readonly next: number };
  /** The pages for open deadlines. If a page for a deadline reaches no person, routing pages the next roster. */
  readonly deadlinePages?: readonly DeadlinePage[];
  /** The parties whose people were paged and may therefore take the case. */
  readonly pagedParties?: readonly string[];
  /**
   * The number of returns between each pair of companies. The key of a pair is `orchard` for the carrier and one vendor, and
   * `orchard+quill` for two vendors. `transfers` and `reopenings` count the transfers and reopenings of the case.
   */
  readonly returns?: Readonly<Record<string, number>>;
  readonly transfers?: number;
  readonly reopenings?: number;
  /** Present if the case is joint. No vendor can return or transfer a joint case. */
  readonly joint?: { readonly accountable: string; readonly parties: readonly string[] };
  /** The required items of the line, if the line has any. A brief lists the missing items. */
  readonly requires?: readonly RequiredItem[];
  /** The customer's last contact on the resolved or ended case. */
  readonly lastContact?: { readonly channel: Channel; readonly content: ContactContent };
  /** The instants of the customer's last contacts; absent if no trigger of the line counts contacts. */
  readonly contactedAt?: readonly Instant[];
  /** The carrier's named people with a live handling; absent if no trigger of the line needs them. */
  readonly livePeople?: readonly LivePerson[];
  /** The incident of which the case is an unsolved member. A member takes no line step. */
  readonly member?: string;
  /** True if a canary opened the case. Such a case crosses to no vendor and pages no person. */
  readonly canary?: true;
  readonly material: Material;
  /** The roles of the companies in the case; absent before its first offer. */
  readonly reading?: CaseReading;
} & HolderTimes;

/**
 * The reason for a page about a deadline, and the clock with this deadline. For the clock `reply`, `contact` is the customer's
 * contact.
 */
export type PageCause = Pick<EventData<"roster.paged">, "clock" | "kind" | "firingId"> & {
  readonly reason: Extract<BreachEffect, { does: "page" }>["reason"];
  readonly contact?: EventData<"roster.paged">["contact"];
};

/** A page for an open deadline, and the rosters that were paged for this deadline so far. */
export type DeadlinePage = { readonly id: string; readonly cause: PageCause; readonly tried: readonly string[] };

/** The events of other services that routing applies to a case. */
export type CrossingInput =
  | Exclude<CaseEvent, { type: "timeline.marked" | "timeline.removed" }>
  | ClockEvent
  | PageEvent;

export type CrossingDecision = Decision<CaseCrossing, HandoffEvent | QueueEvent>;

export type CrossingOutcome = Outcome<CaseCrossing, HandoffEvent | QueueEvent>;

/** Returns the number of returns of the case so far. */
export function returnsOf({ returns = {} }: CaseCrossing): number {
  return Object.values(returns).reduce((sum, count) => sum + count, 0);
}
