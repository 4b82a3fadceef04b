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
import type { CaseReading } from "../reading/case-reading.ts";
import type { Material } from "./material.ts";
import type { CaseWait } from "./waits.ts";

/** Everything that hand-offs of one case depend on. */
export type CaseCrossing = {
  readonly caseId: string;
  readonly timeline: string;
  readonly carrier: string;
  readonly line: LineRef;
  readonly status: CaseStatus;
  /** Messages so far, of the hand-off topic and of each vendor's queue topic. */
  readonly sequence: number;
  readonly queueSequences: Readonly<Record<string, number>>;
  readonly read: { readonly case: number; readonly clock: number };
  readonly lastEventAt: Instant;
  /** The step that comes next, and which attempt of it. */
  readonly next: { readonly step: number; readonly attempt: number };
  readonly waits: CaseWait;
  /** Of the pages that follow need-by, promises and joint: whether the emergency roster was paged, and which is next. */
  readonly pages?: { readonly emergency: boolean; readonly next: number };
  /** Pages for deadlines that are out: where no person of one can be reached, the next roster follows. */
  readonly deadlinePages?: readonly DeadlinePage[];
  /** Parties whose people were paged: these may take the case. */
  readonly pagedParties?: readonly string[];
  /** Returns so far, by pair: `orchard` with the carrier, `orchard+quill` between two vendors; transfers and reopenings of the case. */
  readonly returns?: Readonly<Record<string, number>>;
  readonly transfers?: number;
  readonly reopenings?: number;
  /** The case is joint: no vendor returns or transfers it any more. */
  readonly joint?: { readonly accountable: string; readonly parties: readonly string[] };
  /** What the line requires, where it requires something: a brief says what is owed. */
  readonly requires?: readonly RequiredItem[];
  /** The customer's last contact on the solved case. */
  readonly lastContact?: { readonly channel: Channel; readonly content: ContactContent };
  /** When the customer got in touch, the last times; kept where the line has a trigger that counts them. */
  readonly contactedAt?: readonly Instant[];
  readonly material: Material;
  /** Which companies have which part in the case; absent before its first offer. */
  readonly reading?: CaseReading;
} & HolderTimes;

/** Why a deadline pages, and which one it is: of a reply that is owed, with the customer's contact. */
export type PageCause = Pick<EventData<"roster.paged">, "clock" | "kind" | "firingId"> & {
  readonly reason: Extract<BreachEffect, { does: "page" }>["reason"];
  readonly contact?: EventData<"roster.paged">["contact"];
};

/** A page for a deadline that is out, and the rosters that were paged for that deadline so far, its own included. */
export type DeadlinePage = { readonly id: string; readonly cause: PageCause; readonly tried: readonly string[] };

/** The events that routing reads. */
export type CrossingInput =
  | Exclude<CaseEvent, { type: "timeline.marked" | "timeline.removed" }>
  | ClockEvent
  | PageEvent;

export type CrossingDecision = Decision<CaseCrossing, HandoffEvent | QueueEvent>;

export type CrossingOutcome = Outcome<CaseCrossing, HandoffEvent | QueueEvent>;

/** How often vendors have sent the case back by now. */
export function returnsOf({ returns = {} }: CaseCrossing): number {
  return Object.values(returns).reduce((sum, count) => sum + count, 0);
}
