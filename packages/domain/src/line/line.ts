import type {
  ClockKind,
  CrossingMode,
  DurationMs,
  LineRef,
  Pause,
  PinnedCalendar,
  Severity,
  Trigger,
} from "@crossline/contracts";
import type { Calendar } from "../calendar/calendar.ts";

/** The calendars that a published line names, by that name. */
export type PinnedCalendars = Readonly<Record<string, PinnedCalendar>>;

/** A target in milliseconds, by severity; `live` is for a customer who is on the line. */
export type Target = Readonly<Record<Severity, DurationMs>> & { readonly live?: DurationMs };

export type ClockRule = {
  readonly name: string;
  readonly kind: ClockKind;
  readonly target: Target;
  /** In % of the target, rising; the last one is 100, the breach. */
  readonly thresholds: readonly number[];
  /** Whose hours count. */
  readonly calendar: Calendar;
  /** What the clock rests for, besides what its kind rests for by itself. */
  readonly pausedWhile?: readonly Pause[];
};

/** One step of a crossing: a vendor's queue that is asked, or a roster whose people are told. */
export type LineStep = (
  | { readonly kind: "queue"; readonly vendor: string; readonly queue: string }
  | { readonly kind: "roster"; readonly roster: string }
) & {
  readonly mode: CrossingMode;
  readonly acceptWithin?: string;
  readonly repeat: number;
  /** When somebody is there. */
  readonly hours: Calendar;
  readonly whenClosed: "skip" | "wait";
};

/** An item that must be known before a case can be worked on, and whose it is to give. */
export type RequiredItem = { readonly item: string; readonly from: "carrier" | "vendor" | "customer" };

/** Live handlings count until they are ended, and no longer than this: for clients that send no heartbeats. */
export type HandlingLimit = { readonly maxMs: DurationMs };

/** What the latest safe crossing of a case with a need-by is made of. */
export type NeedByPlan = {
  readonly cureMs: DurationMs;
  readonly hours: Calendar;
  readonly marginMs: DurationMs;
  /** `<party>.<name>`: paged at once where the hours cannot make it. */
  readonly emergency?: string;
};

/** A line ready for decisions: a published document with its durations read, every implied clock in place. */
export type Line = {
  readonly ref: LineRef;
  /** An observing line only measures: nothing crosses, nobody is called, no clock is implied. */
  readonly observe: boolean;
  readonly calendar: Calendar;
  readonly clocks: readonly ClockRule[];
  /** The rules of clocks that rest for something. */
  readonly pausing: readonly ClockRule[];
  readonly crossing: readonly LineStep[];
  readonly triggers: readonly Trigger[];
  /** Addresses, and `roster:<party>.<name>`. */
  readonly lastResort: readonly string[];
  /** With so many returns of one pair the case becomes joint. */
  readonly jointAfter: number;
  readonly requires: readonly RequiredItem[];
  readonly problems?: { readonly missing: number; readonly withinMs?: DurationMs };
  readonly needBy?: NeedByPlan;
  /** For how long after its end a case takes the customer's contacts. */
  readonly lettersMs: DurationMs;
  /** Without it live handlings count as long as heartbeats come. */
  readonly handlings?: HandlingLimit;
};

/** A letter may come after the case has ended: for so long it belongs to that case. */
export const defaultLettersMs = 30 * 86_400_000;
