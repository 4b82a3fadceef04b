import {
  type CaseStatus,
  type DurationMs,
  type LineDocument,
  type Pause,
  type Targets,
  topicNoun,
} from "@crossline/contracts";
import type { CaseAct } from "../case/act.ts";
import type { ClockRule, Line } from "../line/line.ts";
import type { CaseClocks, Clock } from "./clock.ts";
import type { ClockStart } from "./start.ts";

/** What the clocks of a case listen to. */
export type ClockInput = CaseAct;

/** One event and what it did to the facts that clocks depend on; clocks themselves are as they were before it. */
export type ClockChange = {
  readonly event: ClockInput;
  readonly before: CaseClocks | undefined;
  readonly after: CaseClocks;
  readonly line: Line;
};

/** What the breach of a clock leads to. Routing acts on the first four, intake on the next two; everyone else only reads of it. */
export type BreachEffect =
  /** The case takes the next crossing step. While a hand-off is open the breach is only recorded. */
  | { readonly does: "cross" }
  /** The next roster is paged; an open hand-off stays open. */
  | { readonly does: "page"; readonly reason: "need-by" | "promise" | "joint" | "reply" }
  /** The offer, or the page of a step, lapses, and the next step follows. */
  | { readonly does: "lapse" }
  /** The last resort is called again. */
  | { readonly does: "call-again" }
  /** The case closes by itself. */
  | { readonly does: "close" }
  /** The wait, or a vendor's question, ends: work goes on with best effort. */
  | { readonly does: "end-wait" }
  /** It is published, and nothing follows by itself. */
  | { readonly does: "tell" };

/** What a merge does with the clock of the case that is merged into another. */
type MergeEffect =
  /** Owed to the customer: it goes on in the other case, or the earlier deadline of the two does. */
  | "owed"
  /** It counts while the holder is live with the customer: it goes on where both cases have one holder. */
  | "live"
  /** The earlier deadline of the two, where the other case has such a clock. */
  | "earlier"
  | "leave";

/**
 * Everything about one kind of clock. The functions are asked of one change at a time, in the order: ends, keeps, starts.
 * docs/obligations.md shows what they come to.
 */
export type KindRules = {
  /** The event meets the obligation, or takes away its reason. Judged by whom the clock charges, so that it holds for late events too. */
  readonly ends: (clock: Clock, change: ClockChange) => boolean;
  /** A new incarnation, where none of this name runs. */
  readonly starts: (change: ClockChange, rule: ClockRule) => Clock | undefined;
  /** How counting goes on in a clock that the event neither ends nor puts to rest; without it, it goes on. */
  readonly keeps?: (clock: Clock, change: ClockChange) => Clock;
  /** In which statuses the obligation rests and stays owed. Leaving them wakes it, as a new incarnation. */
  readonly pausesIn?: (status: CaseStatus) => boolean;
  /** It counts to a horizon, which signs of life move. */
  readonly isLive?: true;
  /** Its deadline is an instant: when it wakes, it has counted as if it had never rested. */
  readonly isInstant?: true;
  /** An event read late would have let it rest, beyond what `restsIn` and the line say: its breach was overtaken. */
  readonly wouldPause?: (clock: Clock, change: ClockChange) => boolean;
  /** Where a line crosses, the next incarnation counts from its breach on: it never falls silent. */
  readonly recurs?: true;
  /** In whose hours it counts: the line's, or around the clock. */
  readonly hours: "line" | "always";
  /** Whose the target is: the line's, by severity; or its own, which no severity changes. */
  readonly target: "line" | "own";
  /** The line may have a target of its own for a customer who is live. */
  readonly hasLiveTarget?: true;
  /** What its target is under another line, or after the deadline was changed; undefined where nothing can be planned. */
  readonly plans?: (after: CaseClocks, line: Line, clock: Pick<Clock, "startedAt">) => DurationMs | undefined;
  /** The target with which a line that crosses has it without naming it; `where` says for which documents. */
  readonly implied?: { readonly target: Targets; readonly where?: (document: LineDocument) => boolean };
  /** A line cannot name it: it has a rhythm of its own. */
  readonly isNeverNamed?: true;
  /** What it rests for where the line says nothing; "never": a line cannot let it rest. */
  readonly pausedWhile: "never" | readonly Pause[];
  /** A move to a line without such a clock does not end it. */
  readonly outlivesLine?: true;
  /** What a move makes of one that has breached for good under a line that only observes; without it, it stays as it is. */
  readonly whenMovedBreached?: "end" | "restart";
  readonly merge: MergeEffect;
  readonly breach: BreachEffect;
};

/** By its topic's noun and its sequence. */
export function startOf(event: ClockInput): ClockStart {
  return { by: topicNoun(event.topic) === "case" ? "case" : "handoff", sequence: event.sequence };
}

/** A new clock that counts from the event on, without a limit. Where its kind rests in the case's status, `decide` lets it rest. */
export function startClock(
  { event, after }: ClockChange,
  rule: ClockRule,
  differing: Partial<Pick<Clock, "name" | "start" | "charged" | "targetMs" | "own" | "counted">> = {},
): Clock {
  return {
    name: rule.name,
    kind: rule.kind,
    start: startOf(event),
    charged: after.holder,
    startedAt: event.time,
    targetMs: rule.target[after.severity],
    thresholds: rule.thresholds,
    counted: [{ from: event.time }],
    fired: [],
    ...differing,
  };
}

/** The case has come to an end that no command takes back: rejected, cancelled, or merged into another. */
export function isFinalEnd({ event, after }: Pick<ClockChange, "event" | "after">): boolean {
  return after.status === "rejected" || after.status === "cancelled" || isMergedAway(event);
}

/** The case was merged into another: what it owed is owed there. */
export function isMergedAway(event: ClockInput): boolean {
  return event.type === "case.closed" && event.data.reason === "merged";
}
