import {
  type ClockKind,
  type CrossingMode,
  type CrossingStep,
  type DurationMs,
  type Hours,
  type LineClock,
  type LineDocument,
  type LineRef,
  type Pause,
  type PinnedCalendar,
  type Severity,
  type Targets,
  type Trigger,
  parseDuration,
} from "@crossline/contracts";
import { type Calendar, allHours } from "../calendar/calendar.ts";
import { calendarFor } from "../calendar/pinned.ts";
import type { KindRules } from "../clock/change.ts";
import { kindRules } from "../clock/kinds/all.ts";

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
export type Step = (
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
  readonly crossing: readonly Step[];
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

const jointAfterByDefault = 2;
/** A letter may come after the case has ended: for so long it belongs to that case. */
export const lettersByDefaultMs = 30 * 86_400_000;
/** A clock with a target of its own never uses what stands in its rule. */
const ofItsOwn = "P1D";

const kinds = Object.entries(kindRules) as [ClockKind, KindRules][];

/**
 * Reads a published document into a line. A line that crosses also gets, where it does not name them, the clocks that their kinds
 * imply: without them an open case could be left with none, and a customer without an answer.
 */
export function compileLine(ref: LineRef, document: LineDocument, calendars: PinnedCalendars = {}): Line {
  const observe = document.mode === "observe";
  const open = (hours: Hours | undefined, otherwise: Calendar): Calendar =>
    hours === undefined ? otherwise : calendarFor(hours, calendars);
  const calendar = open(document.calendar, allHours);
  const named: ClockRule[] = document.clocks.map((clock) => ({
    name: clock.name ?? clock.kind,
    kind: clock.kind,
    target: readTarget(clock.target ?? ofItsOwn),
    thresholds: [...new Set(clock.warnAt)].toSorted((a, b) => a - b).concat(100),
    calendar: open(clock.calendar, calendar),
    ...pauses(clock),
  }));
  const written = new Set(named.map((clock) => clock.kind));
  const implied: ClockRule[] = kinds.flatMap(([kind, { implied: rule }]) => {
    if (observe || rule === undefined || written.has(kind) || rule.where?.(document) === false) return [];
    return [{ name: kind, kind, target: readTarget(rule.target), thresholds: [100], calendar }];
  });
  const { problems, needBy, handlings, letters } = document;
  return {
    ref,
    observe,
    calendar,
    clocks: [...named, ...implied],
    pausing: named.filter(({ pausedWhile = [] }) => pausedWhile.length > 0),
    crossing: document.crossing.map((step) => readStep(step, open(step.hours, allHours))),
    triggers: document.triggers ?? [],
    lastResort: document.lastResort,
    jointAfter: document.returns?.jointAfter ?? jointAfterByDefault,
    requires: (document.requires ?? []).map((item) => (typeof item === "string" ? { item, from: "carrier" } : item)),
    ...(problems !== undefined && {
      problems: {
        missing: problems.missing,
        ...(problems.within !== undefined && { withinMs: parseDuration(problems.within) }),
      },
    }),
    ...(needBy !== undefined && {
      needBy: {
        cureMs: parseDuration(needBy.cure),
        hours: open(needBy.hours, allHours),
        marginMs: needBy.margin === undefined ? 0 : parseDuration(needBy.margin),
        ...(needBy.emergency !== undefined && { emergency: needBy.emergency.slice("roster:".length) }),
      },
    }),
    lettersMs: letters === undefined ? lettersByDefaultMs : parseDuration(letters),
    ...(handlings !== undefined && { handlings: { maxMs: parseDuration(handlings.max) } }),
  };
}

/** What the line says, else the kind. */
function pauses({ kind, pausedWhile }: LineClock): Pick<ClockRule, "pausedWhile"> {
  if (pausedWhile !== undefined) return { pausedWhile };
  const usual = kindRules[kind].pausedWhile;
  return usual === "never" || usual.length === 0 ? {} : { pausedWhile: usual };
}

function readStep({ to, mode, acceptWithin, repeat, whenClosed = "skip" }: CrossingStep, hours: Calendar): Step {
  const name = to.slice(to.indexOf(":") + 1);
  const rest = { mode, repeat, hours, whenClosed, ...(acceptWithin === undefined ? {} : { acceptWithin }) };
  return to.startsWith("roster:")
    ? { kind: "roster", roster: name, ...rest }
    : { kind: "queue", queue: name, vendor: name.split(".")[0] ?? name, ...rest };
}

/** Whose hours a clock counts. */
export function calendarOf(line: Line, { name, kind }: Pick<ClockRule, "name" | "kind">): Calendar {
  if (kindRules[kind].hours === "always") return allHours;
  for (const rule of line.clocks) if (rule.name === name) return rule.calendar;
  return line.calendar;
}

/** The rules of the clocks that an offer must be accepted within, in the line's order. */
export function acceptanceRules({ clocks }: Line): readonly ClockRule[] {
  return clocks.filter(({ kind }) => kindRules[kind].breach.does === "lapse");
}

function readTarget(targets: Targets): Target {
  if (typeof targets === "string") {
    const ms = parseDuration(targets);
    return { critical: ms, major: ms, minor: ms };
  }
  const orElse = parseDuration(targets.else);
  const read = (text: string | undefined): DurationMs => (text === undefined ? orElse : parseDuration(text));
  return {
    critical: read(targets.critical),
    major: read(targets.major),
    minor: read(targets.minor),
    ...(targets.live === undefined ? {} : { live: parseDuration(targets.live) }),
  };
}
