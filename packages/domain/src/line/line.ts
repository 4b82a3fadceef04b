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

/** The calendars that a published line names, with these names as keys. */
export type PinnedCalendars = Readonly<Record<string, PinnedCalendar>>;

/** A target in milliseconds, by severity. `live` applies if the customer is live. */
export type Target = Readonly<Record<Severity, DurationMs>> & { readonly live?: DurationMs };

export type ClockRule = {
  readonly name: string;
  readonly kind: ClockKind;
  readonly target: Target;
  /** The thresholds in % of the target, in ascending order. The last threshold is 100, the breach. */
  readonly thresholds: readonly number[];
  /** The calendar whose open hours count. */
  readonly calendar: Calendar;
  /** The conditions that pause the clock, in addition to the statuses of its kind. */
  readonly pausedWhile?: readonly Pause[];
};

/** One line step, which offers the case to a vendor's queue, pages a roster, or assigns the case to a pool of the carrier. */
export type LineStep = (
  | { readonly kind: "queue"; readonly vendor: string; readonly queue: string }
  | { readonly kind: "roster"; readonly roster: string }
  | { readonly kind: "pool"; readonly pool: string }
) & {
  readonly mode: CrossingMode;
  readonly acceptWithin?: string;
  readonly repeat: number;
  /** The open hours of the queue, roster or pool. */
  readonly hours: Calendar;
  readonly whenClosed: "skip" | "wait";
};

/** A required item, and the party that must supply the item. */
export type RequiredItem = { readonly item: string; readonly from: "carrier" | "vendor" | "customer" };

/**
 * The maximum length of a live handling, if handlings count until their end. A line counts handlings until their end for CRMs
 * that send no heartbeats.
 */
export type HandlingLimit = { readonly maxMs: DurationMs };

/** If `cases` alike cases open within a window, they become an incident. */
export type IncidentRule = { readonly cases: number; readonly withinMs: DurationMs };

/** The plan that gives the latest safe crossing of a case with a need-by. */
export type NeedByPlan = {
  readonly cureMs: DurationMs;
  readonly hours: Calendar;
  readonly marginMs: DurationMs;
  /** The roster (`<party>.<name>`) that routing pages at once if the remaining open hours are too short. */
  readonly emergency?: string;
};

/** A compiled line: a published document with parsed durations and all implied clocks. */
export type Line = {
  readonly ref: LineRef;
  /**
   * True for an observing line. The cases of an observing line do not cross and page no person, and the line has no implied
   * clocks.
   */
  readonly observe: boolean;
  readonly calendar: Calendar;
  readonly clocks: readonly ClockRule[];
  /** The rules of clocks with a pause condition. */
  readonly pausing: readonly ClockRule[];
  readonly crossing: readonly LineStep[];
  readonly triggers: readonly Trigger[];
  /** The level of the trigger `skill.missing`; absent if the line has no such trigger. */
  readonly skillLevel?: number;
  /** Addresses, or `roster:<party>.<name>`. */
  readonly lastResort: readonly string[];
  /** A case becomes joint after this number of returns between the same two companies. */
  readonly jointAfter: number;
  readonly requires: readonly RequiredItem[];
  readonly problems?: ProblemRule;
  readonly incidents?: IncidentRule;
  readonly needBy?: NeedByPlan;
  /** How long a case accepts contacts from the customer after its end. */
  readonly lettersMs: DurationMs;
  /** If this field is absent, live handlings count while the CRM sends heartbeats. */
  readonly handlings?: HandlingLimit;
};

/**
 * When Crossline opens problems. `missing` and `returned` are counts within `withinMs`, or without a limit of time. A problem must be
 * investigated within `investigateWithinMs`.
 */
type ProblemRule = {
  readonly missing: number;
  readonly returned?: number;
  readonly withinMs?: DurationMs;
  readonly investigateWithinMs: DurationMs;
};

/** How long a case accepts contacts from the customer after its end, by default. */
export const defaultLettersMs = 30 * 86_400_000;
