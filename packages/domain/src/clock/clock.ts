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
  /** The target is not its rule's by the severity: the customer is on the line, or an offer, a pause or a plan has its own. */
  readonly own?: true;
  readonly thresholds: readonly number[];
  readonly counted: readonly Interval[];
  /** The thresholds that have fired, in order: when they were due and when they fired. */
  readonly fired: readonly { readonly dueAt: Instant; readonly firedAt: Instant }[];
  /** Its target, its line or its start was changed then: nothing that has not fired is due earlier. */
  readonly notBefore?: Instant;
};

/** The open hand-off of a case. `asked`: of the hand-off topic, the sequence of an information request that is open. */
export type ClockHandoff = {
  readonly id: string;
  readonly vendor: string;
  readonly accepted: boolean;
  readonly asked?: number;
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
  /** A person has answered the customer: from then on it is updates that are owed. */
  readonly answered?: true;
  /** While the status is pending: for whom the case waits, and for how long at most. */
  readonly waiting?: { readonly on: "customer" | "vendor" | "carrier"; readonly maximumMs?: DurationMs };
  /** Of the case topic, the sequence of the event that made it pending. */
  readonly pendingSince?: number;
  readonly handoff?: ClockHandoff;
  readonly needBy?: Instant;
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
  return percent === undefined ? undefined : thresholdDue(clock, calendar, percent);
}

/** When a threshold of a clock is due by what is counted so far, whether it has fired or not. */
export function thresholdDue(clock: Clock, calendar: Calendar, percent: number): Instant | undefined {
  const due = reaches(clock, calendar, Math.ceil((clock.targetMs * percent) / 100));
  return due === undefined || clock.notBefore === undefined ? due : Math.max(due, clock.notBefore);
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

/** How much a clock has counted by an instant. */
export function countedUntil({ counted }: Clock, calendar: Calendar, at: Instant): DurationMs {
  return counted.reduce((sum, { from, to = at }) => sum + openBetween(calendar, from, Math.min(to, at)), 0);
}

/** The earliest due instant of a case, or undefined where no clock will fire unless something happens first. */
export function earliestDue(state: CaseClocks, line: Line): Instant | undefined {
  let earliest: Instant | undefined;
  for (const clock of state.clocks) {
    const due = dueAt(clock, calendarOf(line, clock));
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
