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

/** The events that can change the clocks of a case. */
export type ClockInput = CaseAct;

/** One event, and the state before and after the event. `after` still contains the clocks from before the event. */
export type ClockChange = {
  readonly event: ClockInput;
  readonly before: CaseClocks | undefined;
  readonly after: CaseClocks;
  readonly line: Line;
};

/**
 * The effect of a breach. Routing executes `cross`, `page`, `lapse` and `call-again`. Intake executes `close`. For `end-wait`,
 * intake ends a pause, and routing ends an information request.
 */
export type BreachEffect =
  /** The case takes the next line step. While a hand-off is open, the breach has no effect. */
  | { readonly does: "cross" }
  /** Routing pages the next roster. An open hand-off stays open. */
  | { readonly does: "page"; readonly reason: "need-by" | "promise" | "joint" | "reply" }
  /** The offer or the page of a line step lapses, and the next line step follows. */
  | { readonly does: "lapse" }
  /** Routing calls the last resort again. */
  | { readonly does: "call-again" }
  /** The case closes automatically. */
  | { readonly does: "close" }
  /** The pause or the vendor's information request ends, and work continues with best effort. */
  | { readonly does: "end-wait" }
  /** On an inquiry, the case takes the next line step, whose page names an owner. On another case, the breach is only published. */
  | { readonly does: "name-owner" }
  /** The breach is published and has no other effect. */
  | { readonly does: "publish" };

/** The effect of a merge on a clock of the source case. */
type MergeEffect =
  /** The obligation continues in the target case, with the earlier of the two deadlines. */
  | "owed"
  /** The clock of live minutes continues if the source case and the target case have the same holder. */
  | "live"
  /** If the target case has the clock, the target case keeps the earlier of the two deadlines. */
  | "earlier"
  | "leave";

/**
 * The rules of one clock kind. For each change, `ends` is called first, then `keeps`, then `starts`. `docs/obligations.md`
 * shows the resulting table.
 */
export type KindRules = {
  /**
   * Returns true if the event meets the obligation or removes the reason for the obligation. The function uses the charged
   * party of the clock and not the present holder, so that the result is also right for a late event.
   */
  readonly ends: (clock: Clock, change: ClockChange) => boolean;
  /** Returns a new incarnation if the event starts one. The caller has checked that no clock of this name runs. */
  readonly starts: (change: ClockChange, rule: ClockRule) => Clock | undefined;
  /**
   * Returns the clock after an event that neither ends nor pauses the clock. If a kind does not define this function, its
   * clocks continue to count.
   */
  readonly keeps?: (clock: Clock, change: ClockChange) => Clock;
  /**
   * Returns true for a status in which the clock is paused. The obligation stays owed. When the case leaves the status, the
   * clock resumes as a new incarnation.
   */
  readonly pausesIn?: (status: CaseStatus) => boolean;
  /** True if the clock counts up to a horizon, which heartbeats move. */
  readonly isLive?: true;
  /**
   * True if the deadline is a fixed instant. A pause does not move a fixed deadline, because after the pause the clock also
   * counts the time of the pause.
   */
  readonly isInstant?: true;
  /**
   * Returns true if a late event should have paused the clock, so that the breach is overtaken. These pauses are neither in
   * `pausesIn` nor in the line.
   */
  readonly wouldPause?: (clock: Clock, change: ClockChange) => boolean;
  /** True if the clock ends when the case joins an incident, and does not start while the case is a member. */
  readonly restsForMember?: true;
  /** True if a breach starts the next incarnation under a crossing line, so that the clock always runs. */
  readonly recurs?: true;
  /** The hours that count: the hours of the line, or all hours. */
  readonly hours: "line" | "always";
  /**
   * `line`: the line gives the target of the clock for each severity. `own`: the clock has its own target, and a change of
   * severity does not change this target.
   */
  readonly target: "line" | "own";
  /** True if the line may have a separate target for a live customer. */
  readonly hasLiveTarget?: true;
  /** Returns the target under another line or after a change of the need-by; undefined if there is no plan. */
  readonly plans?: (after: CaseClocks, line: Line, clock: Pick<Clock, "startedAt">) => DurationMs | undefined;
  /**
   * The target of the clock in a crossing line that does not name the clock. If `where` is present, the clock is implied only
   * if `where` returns true for the line's document.
   */
  readonly implied?: { readonly target: Targets; readonly where?: (document: LineDocument) => boolean };
  /** True if a line cannot name the clock, because the clock has its own intervals. */
  readonly isNeverNamed?: true;
  /** The default pauses. `"never"`: a line cannot pause the clock. */
  readonly pausedWhile: "never" | readonly Pause[];
  /** True if the clock continues after a move to a line without such a clock. */
  readonly outlivesLine?: true;
  /**
   * The effect of a move on a clock that breached under an observing line and does not recur there. If the field is absent, the
   * move does not change the clock.
   */
  readonly whenMovedBreached?: "end" | "restart";
  readonly merge: MergeEffect;
  readonly breach: BreachEffect;
};

/**
 * Returns the start of a clock that this event starts. The start consists of the event's sequence and the noun of its topic.
 */
export function startOf(event: ClockInput): ClockStart {
  return { by: topicNoun(event.topic) === "case" ? "case" : "handoff", sequence: event.sequence };
}

/** Returns a new clock that counts from the event and has no horizon. `decide` pauses the clock if a pause applies. */
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

/** Returns true if the case has a final end. Such a case is rejected, cancelled or merged into another case. */
export function isFinalEnd({ event, after }: Pick<ClockChange, "event" | "after">): boolean {
  return after.status === "rejected" || after.status === "cancelled" || isMergedAway(event);
}

/** Returns true if the event closes the case by a merge. The obligations of the case continue in the target case. */
export function isMergedAway(event: ClockInput): boolean {
  return event.type === "case.closed" && event.data.reason === "merged";
}
