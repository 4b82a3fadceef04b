import type { CaseEvent, HandoffEvent } from "@crossline/contracts";
import type { ClockRule, Line } from "../line/line.ts";
import type { CaseClocks, Clock } from "./clock.ts";

/** What the clocks of a case listen to. */
export type ClockInput = Exclude<CaseEvent, { type: "timeline.marked" }> | HandoffEvent;

/** One event and what it did to the facts that clocks depend on; clocks themselves are as they were before it. */
export type Change = {
  readonly event: ClockInput;
  readonly before: CaseClocks | undefined;
  readonly after: CaseClocks;
  readonly line: Line;
};

/** The rules of one kind of clock. All are asked of one change at a time, in the order: ends, keeps, starts. */
export type KindRules = {
  /** The event satisfies the clock, or takes away its reason. Judged by whom the clock charges, so that it holds for late events too. */
  readonly ends: (clock: Clock, change: Change) => boolean;
  /** How counting goes on in a clock that the event does not end. */
  readonly keeps?: (clock: Clock, change: Change) => Clock;
  /** A new incarnation, where none of this name runs. */
  readonly starts: (change: Change, rule: ClockRule) => Clock | undefined;
};

/** `case/12`: the event that started a clock, by its topic's noun and its sequence. */
export function incarnationOf(event: ClockInput): string {
  return `${event.topic.split(".")[1]}/${event.sequence}`;
}

/** A new clock that counts from the event on, without a limit. */
export function startClock(
  { event, after }: Change,
  rule: ClockRule,
  differing: Partial<
    Pick<Clock, "name" | "incarnation" | "charged" | "targetMs" | "counted" | "thresholds" | "ownTarget">
  > = {},
): Clock {
  return {
    name: rule.name,
    kind: rule.kind,
    incarnation: incarnationOf(event),
    charged: after.holder,
    startedAt: event.time,
    targetMs: rule.target[after.severity],
    thresholds: rule.thresholds,
    counted: [{ from: event.time }],
    fired: [],
    ...differing,
  };
}
