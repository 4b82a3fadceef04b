import {
  type CarriedClock,
  type ClockKind,
  type DurationMs,
  type EventOf,
  type Instant,
  parseInstant,
} from "@crossline/contracts";
import { type Calendar, openBetween, subtractOpen } from "../calendar/calendar.ts";
import { calendarOf } from "../line/clock-rules.ts";
import type { ClockRule } from "../line/line.ts";
import { type ClockChange, startOf } from "./change.ts";
import type { Clock } from "./clock.ts";
import { countedUntil, isBreached } from "./counting.ts";
import type { ClockExplanation } from "./explain.ts";
import { kindRules } from "./kinds/all.ts";

/** The part of a clock's explanation that a merge needs. */
export type ClockToMerge = Pick<
  ClockExplanation,
  "clock" | "kind" | "charged" | "state" | "remainingMs" | "thresholds"
>;

/**
 * Returns the clocks of the source case that continue in the target case, with their remaining time. Only clocks that run or
 * are paused, and have not breached, continue.
 */
export function carriedClocks(clocks: readonly ClockToMerge[]): CarriedClock[] {
  return clocks
    .filter(({ state }) => state === "running" || state === "waiting")
    .flatMap(({ clock, kind, charged, remainingMs: leftMs, thresholds }) => {
      const carried = kind as ClockKind;
      if (kindRules[carried].merge === "leave") return [];
      const { dueAt } = thresholds.find(({ percent }) => percent === 100) ?? {};
      return [{ clock, kind: carried, charged, leftMs, ...(dueAt !== undefined && { dueAt }) }];
    });
}

type MergeChange = ClockChange & { readonly event: EventOf<"case.merged"> };

/**
 * Keeps the earlier of two deadlines (docs/rules/case.md). If the source case had the earlier deadline, the target case's clock
 * counts as if it had started earlier. The target case's clock then breaches no later than the source case's clock. The clock
 * keeps the line's target, so that a later change of severity recomputes the deadline as usual.
 */
export function keepEarliest(clock: Clock, { event, line }: MergeChange): Clock {
  const other = event.data.clocks.find((one) => one.clock === clock.name && one.kind === clock.kind);
  if (other === undefined || isBreached(clock)) return clock;
  const calendar = calendarOf(line, clock);
  const left = timeLeft(other, calendar, event.time);
  const missing = clock.targetMs - countedUntil(clock, calendar, event.time) - left;
  return missing > 0 ? { ...withEarlierStart(clock, calendar, missing), notBefore: event.time } : clock;
}

/**
 * Starts the clocks that only the source case had: obligations to the customer, and live minutes. If the line of the target
 * case does not have a clock, this clock does not start.
 */
export function startCarried(change: MergeChange): Clock[] {
  const { event, after, line } = change;
  return event.data.clocks.flatMap((carried) => {
    const { clock, kind, charged } = carried;
    const rule = line.clocks.find((one) => one.name === clock && one.kind === kind);
    if (rule === undefined || after.clocks.some(({ name }) => name === clock)) return [];
    const { merge, restsForMember } = kindRules[kind];
    if (restsForMember === true && after.member !== undefined) return [];
    const isOwed = merge === "owed" || (merge === "live" && charged === after.holder && !after.crossed);
    return isOwed ? [startCarriedClock(change, rule, carried)] : [];
  });
}

function startCarriedClock(
  { event, after, line }: MergeChange,
  rule: ClockRule,
  { charged, ...left }: CarriedClock,
): Clock {
  const { name, kind } = rule;
  const calendar = calendarOf(line, rule);
  const { plans, target, merge } = kindRules[kind];
  const planned = plans?.(after, line, { startedAt: event.time });
  const leftMs = Math.min(timeLeft(left, calendar, event.time), planned ?? Infinity);
  const lines = target === "own" ? 0 : rule.target[after.severity];
  const clock: Clock = {
    name,
    kind,
    start: startOf(event),
    charged,
    startedAt: event.time,
    targetMs: Math.max(leftMs, lines),
    // If more time is left than the target of the line, the clock has its own target, and no change of severity changes this
    // target.
    ...(leftMs > lines && { own: true }),
    thresholds: rule.thresholds,
    // The customer is not live on this case until a handling starts.
    counted: merge === "live" ? [] : [{ from: event.time }],
    fired: [],
  };
  return lines > leftMs ? { ...withEarlierStart(clock, calendar, lines - leftMs), notBefore: event.time } : clock;
}

function timeLeft(
  { dueAt, leftMs }: Pick<CarriedClock, "dueAt" | "leftMs">,
  calendar: Calendar,
  at: Instant,
): DurationMs {
  return dueAt === undefined ? leftMs : openBetween(calendar, at, parseInstant(dueAt));
}

/** Returns the clock as if it had started `missing` milliseconds of open time earlier. */
function withEarlierStart(clock: Clock, calendar: Calendar, missing: DurationMs): Clock {
  const { startedAt, counted } = clock;
  const from = subtractOpen(calendar, startedAt, missing);
  const [first, ...rest] = counted;
  const joined = first?.from === startedAt ? [{ ...first, from }, ...rest] : [{ from, to: startedAt }, ...counted];
  return { ...clock, startedAt: from, counted: joined };
}
