import { type Instant, formatInstant } from "@crossline/contracts";
import { type Calendar, openBetween } from "../calendar/calendar.ts";
import { openStretches } from "../calendar/stretches.ts";
import { calendarOf } from "../line/clock-rules.ts";
import type { Line } from "../line/line.ts";
import type { CaseClocks, Clock, EndedClock } from "./clock.ts";
import { isBreached, thresholdDue } from "./counting.ts";
import { formatStart } from "./start.ts";

type Interval = { readonly from: Instant; readonly to: Instant };

/** The maximum number of explained intervals between two pauses. A year has about 260 working days. */
const stretchesMax = 260;

/** The explanation of a clock. Instants are in ISO 8601, and lengths are in milliseconds. */
export type ClockExplanation = {
  readonly clock: string;
  readonly kind: string;
  readonly incarnation: string;
  readonly state: "running" | "waiting" | "breached" | "ended";
  readonly charged: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly targetMs: number;
  readonly countedMs: number;
  readonly remainingMs: number;
  readonly counted: readonly { readonly from: string; readonly to: string; readonly countedMs: number }[];
  /** The pauses since the start, and the open time of each pause. If `to` is absent, the pause has not ended. */
  readonly rested: readonly { readonly from: string; readonly to?: string; readonly openMs: number }[];
  readonly thresholds: readonly { readonly percent: number; readonly dueAt?: string; readonly firedAt?: string }[];
  readonly calendar: { readonly name: string; readonly version: number };
};

/**
 * Returns the explanation of every clock of a case at an instant: first the running clocks, then the ended clocks that have
 * fired.
 */
export function explain(
  state: Pick<CaseClocks, "clocks" | "ended">,
  line: Line,
  at: Instant,
): readonly ClockExplanation[] {
  return [...state.clocks, ...state.ended.toReversed()].map((clock) => explainOne(clock, line, at));
}

function explainOne(clock: Clock | EndedClock, line: Line, at: Instant): ClockExplanation {
  const calendar = calendarOf(line, clock);
  const endedAt = "endedAt" in clock ? clock.endedAt : undefined;
  const until = endedAt ?? at;
  const counted = clock.counted
    .filter(({ from }) => from <= until)
    .flatMap(({ from, to }) => openParts(calendar, from, Math.min(to ?? until, until)))
    .map(({ from, to }) => ({
      from: formatInstant(from),
      to: formatInstant(to),
      countedMs: openBetween(calendar, from, to),
    }));
  const countedMs = counted.reduce((sum, interval) => sum + interval.countedMs, 0);
  const last = clock.counted.at(-1);
  const isCounting = last !== undefined && (last.to === undefined || last.to > at);
  return {
    clock: clock.name,
    kind: clock.kind,
    incarnation: formatStart(clock.start),
    state: endedAt !== undefined ? "ended" : isBreached(clock) ? "breached" : isCounting ? "running" : "waiting",
    charged: clock.charged,
    startedAt: formatInstant(clock.startedAt),
    ...(endedAt !== undefined && { endedAt: formatInstant(endedAt) }),
    targetMs: clock.targetMs,
    countedMs,
    remainingMs: Math.max(0, clock.targetMs - countedMs),
    counted,
    rested: restedOf(clock, calendar, until),
    thresholds: clock.thresholds.map((percent, index) => explainThreshold(clock, calendar, percent, index)),
    calendar: { name: calendar.name, version: calendar.version },
  };
}

/** Splits an interval into its open stretches. An interval without open time stays one interval, and its counted time is 0. */
function openParts(calendar: Calendar, from: Instant, to: Instant): readonly Interval[] {
  const stretches = openStretches(calendar, from, to, stretchesMax);
  return stretches.length === 0 ? [{ from, to }] : stretches.map(([opens, closes]) => ({ from: opens, to: closes }));
}

/** Returns the pauses: the gaps between the counted intervals. */
function restedOf(clock: Clock, calendar: Calendar, until: Instant): ClockExplanation["rested"] {
  const rested: ClockExplanation["rested"][number][] = [];
  let from = clock.startedAt;
  const add = (to: Instant, isOver: boolean): void => {
    const openMs = openBetween(calendar, from, to);
    if (from < to) rested.push({ from: formatInstant(from), ...(isOver && { to: formatInstant(to) }), openMs });
  };
  for (const interval of clock.counted) {
    add(Math.min(interval.from, until), interval.from <= until);
    from = Math.max(from, interval.to ?? until);
  }
  add(until, "endedAt" in clock);
  return rested;
}

function explainThreshold(
  clock: Clock,
  calendar: Calendar,
  percent: number,
  index: number,
): ClockExplanation["thresholds"][number] {
  const fired = clock.fired[index];
  if (fired !== undefined) return { percent, dueAt: formatInstant(fired.dueAt), firedAt: formatInstant(fired.firedAt) };
  const due = thresholdDue(clock, calendar, percent);
  return due === undefined ? { percent } : { percent, dueAt: formatInstant(due) };
}
