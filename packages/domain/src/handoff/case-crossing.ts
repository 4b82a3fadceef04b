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
  timelineKind,
  topics,
} from "@crossline/contracts";
import type { Decision } from "../decision.ts";
import { causesOf, eventOf } from "../envelope.ts";
import type { HolderTimes } from "../holder-times.ts";
import type { RequiredItem } from "../line/line.ts";
import { type CaseReading, readOn } from "../reading/case-reading.ts";
import type { DeadlinePage } from "./deadline-pages.ts";
import { type Material, learnWords } from "./material.ts";
import type { Waits } from "./waits.ts";

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
  /** The step that comes next, and which try of it. */
  readonly next: { readonly step: number; readonly attempt: number };
  readonly waits: Waits;
  /** Of the pages that follow need-by, promises and joint: whether the emergency roster was told, and which is next. */
  readonly pages?: { readonly emergency: boolean; readonly next: number };
  /** Pages for deadlines that are out: where no person of one can be reached, the next roster follows. */
  readonly deadlinePages?: readonly DeadlinePage[];
  /** Parties whose people were told: they may take the case. */
  readonly pagedParties?: readonly string[];
  /** Returns so far, by pair: `orchard` with the carrier, `orchard+quill` between two vendors; transfers and reopenings of the case. */
  readonly returns?: Readonly<Record<string, number>>;
  readonly transfers?: number;
  readonly reopenings?: number;
  /** Nobody sends this case back any more. */
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

/** What routing listens to. */
export type CrossingInput =
  | Exclude<CaseEvent, { type: "timeline.marked" | "timeline.removed" }>
  | ClockEvent
  | PageEvent;

export type CrossingDecision = Decision<CaseCrossing, HandoffEvent | QueueEvent>;

/** Routing itself, as the actor of what it does without a person. */
export function automation(party: string): { party: string; automated: true } {
  return { party, automated: true };
}

/** When something that an event caused happens: with its cause, on the wall neither before now nor before what was last. */
export function causedAt(
  event: { readonly timeline: string; readonly time: Instant },
  last: Instant,
  now: Instant,
): Instant {
  return timelineKind(event.timeline) === "wall" ? Math.max(now, event.time, last) : event.time;
}

/** Appends a message to a decision, numbered and with what must have been read before it. */
export function tell<T extends HandoffEvent["type"]>(
  { state, messages }: CrossingDecision,
  at: Instant,
  type: T,
  data: EventData<T>,
): CrossingDecision {
  const { caseId: key, timeline, read } = state;
  const sequence = state.sequence + 1;
  const after = causesOf(key, read);
  const message = eventOf(type, data, { topic: topics.handoff, key, sequence, time: at, timeline, after });
  const lastEventAt = Math.max(state.lastEventAt, at);
  const material = learnWords(state.material, message, at);
  const followed = readOn(state, message);
  return { state: { ...followed, sequence, lastEventAt, material }, messages: [...messages, message] };
}

/** How often vendors have sent the case back by now. */
export function returnsOf({ returns = {} }: CaseCrossing): number {
  return Object.values(returns).reduce((sum, count) => sum + count, 0);
}
