import type { CaseStatus, Channel, ClockKind, DurationMs, Instant, LineRef, Severity } from "@crossline/contracts";
import { type Calendar, addOpen, openBetween } from "../calendar/calendar.ts";
import { type Line, calendarOf } from "../line/line.ts";

/** A stretch of counted time; without an end it is still being counted, with no limit in sight. */
export type Interval = { readonly from: Instant; readonly to?: Instant };

/** One running obligation on a case. What is counted, and from when, is all in `counted`; every deadline follows from it. */
export type Clock = {
  readonly name: string;
  readonly kind: ClockKind;
  /** `case/12`: the twelfth event of the case topic started it; a hand-off's clock has the hand-off's id. */
  readonly incarnation: string;
  readonly charged: string;
  readonly startedAt: Instant;
  readonly targetMs: DurationMs;
  readonly thresholds: readonly number[];
  readonly counted: readonly Interval[];
  /** The thresholds that have fired, in order: when they were due and when they fired. */
  readonly fired: readonly { readonly dueAt: Instant; readonly firedAt: Instant }[];
};

/** A clock that no longer runs but has fired: kept for explanation, and to see what came just too late to stop it. */
export type EndedClock = Clock & { readonly endedAt: Instant; readonly overtaken: boolean };

/** A live interaction of one party's person with the customer; it counts for 3 minutes after each sign of life. */
export type Handling = {
  readonly id: string;
  readonly party: string;
  readonly channel: Channel;
  readonly lastBeatAt: Instant;
};

/** Everything that the clocks of one case depend on. */
export type CaseClocks = {
  readonly caseId: string;
  readonly timeline: string;
  readonly carrier: string;
  readonly line: LineRef;
  readonly severity: Severity;
  readonly status: CaseStatus;
  readonly holder: string;
  /** True from the moment the case crosses until its holder has it anew: the handling clocks have done their work. */
  readonly crossed: boolean;
  /** Of the clock topic: how many messages this case has had. */
  readonly sequence: number;
  /** The last sequences of the case and hand-off topics that were applied. */
  readonly read: { readonly case: number; readonly handoff: number };
  readonly handlings: readonly Handling[];
  readonly clocks: readonly Clock[];
  readonly ended: readonly EndedClock[];
};

/** When the clock's next threshold is due; undefined while what is counted does not reach it, or after the breach. */
export function dueAt(clock: Clock, calendar: Calendar): Instant | undefined {
  const percent = clock.thresholds[clock.fired.length];
  return percent === undefined ? undefined : reaches(clock, calendar, Math.ceil((clock.targetMs * percent) / 100));
}

/** When the counted time of a clock reaches `wanted` milliseconds, by what is counted so far. */
export function reaches(clock: Clock, calendar: Calendar, wanted: DurationMs): Instant | undefined {
  let missing = wanted;
  for (const { from, to } of clock.counted) {
    const open = to === undefined ? Infinity : openBetween(calendar, from, to);
    if (missing <= open) return addOpen(calendar, from, missing);
    missing -= open;
  }
  return undefined;
}

/** The earliest due instant of a case, or undefined where no clock will fire unless something happens first. */
export function earliestDue(state: CaseClocks, line: Line): Instant | undefined {
  let earliest: Instant | undefined;
  for (const clock of state.clocks) {
    const due = dueAt(clock, calendarOf(line, clock.name));
    if (due !== undefined && (earliest === undefined || due < earliest)) earliest = due;
  }
  return earliest;
}

/** Whether the clock's last threshold, the breach, has fired. */
export function isBreached(clock: Clock): boolean {
  return clock.fired.length === clock.thresholds.length;
}

/** Counts from `at` on, without a limit or to a horizon that later signs of life move. Never takes counted time back. */
export function count(clock: Clock, at: Instant, horizon?: Instant): Clock {
  const last = clock.counted.at(-1);
  if (last !== undefined && (last.to === undefined || at <= last.to)) {
    const to = horizon === undefined || last.to === undefined ? undefined : Math.max(last.to, horizon);
    return {
      ...clock,
      counted: [...clock.counted.slice(0, -1), to === undefined ? { from: last.from } : { from: last.from, to }],
    };
  }
  return { ...clock, counted: [...clock.counted, horizon === undefined ? { from: at } : { from: at, to: horizon }] };
}

/** Stops counting at `at`; what lay ahead is not counted. */
export function stopCounting(clock: Clock, at: Instant): Clock {
  const last = clock.counted.at(-1);
  if (last === undefined || (last.to !== undefined && last.to <= at)) return clock;
  return { ...clock, counted: [...clock.counted.slice(0, -1), { from: last.from, to: Math.max(last.from, at) }] };
}
