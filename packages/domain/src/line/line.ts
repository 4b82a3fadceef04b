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
};

const jointAfterByDefault = 2;
/** A need-by has its plan, a promise its window: what stands in a rule is never used. */
const ofItsOwn = "P1D";

const byDefault = {
  "stall.idle": { critical: "PT30M", else: "PT2H" },
  "vendor.acceptance": { critical: "PT5M", major: "PT30M", else: "PT4H" },
  confirmation: "P3D",
  information: "P1D",
  joint: "PT2H",
  "need-by": ofItsOwn,
  promise: ofItsOwn,
} as const satisfies Partial<Record<ClockKind, Targets>>;

/**
 * Reads a published document into a line. A line that crosses also gets, where it does not name them, the clocks without
 * which an open case could be left with none: `stall.idle`, `vendor.acceptance`, `confirmation` and `information`.
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
  const kinds = new Set(named.map((clock) => clock.kind));
  if (document.needBy === undefined) kinds.add("need-by");
  const implied: ClockRule[] = Object.entries(byDefault)
    .filter(([kind]) => !observe && !kinds.has(kind as ClockKind))
    .map(([kind, target]) => ({
      name: kind,
      kind: kind as ClockKind,
      target: readTarget(target),
      thresholds: [100],
      calendar,
    }));
  const { problems, needBy } = document;
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
  };
}

/** A resolution waits with the customer, unless the line says otherwise. */
function pauses({ kind, pausedWhile }: LineClock): Pick<ClockRule, "pausedWhile"> {
  if (pausedWhile !== undefined) return { pausedWhile };
  return kind === "resolution" ? { pausedWhile: ["customer"] } : {};
}

function readStep({ to, mode, acceptWithin, repeat, whenClosed = "skip" }: CrossingStep, hours: Calendar): Step {
  const name = to.slice(to.indexOf(":") + 1);
  const rest = { mode, repeat, hours, whenClosed, ...(acceptWithin === undefined ? {} : { acceptWithin }) };
  return to.startsWith("roster:")
    ? { kind: "roster", roster: name, ...rest }
    : { kind: "queue", queue: name, vendor: name.split(".")[0] ?? name, ...rest };
}

const aroundTheClock: ReadonlySet<ClockKind> = new Set(["need-by", "promise", "last-resort"]);

/** Whose hours a clock counts. A customer's deadline, a promise and the last resort know no closing time. */
export function calendarOf(line: Line, { name, kind }: Pick<ClockRule, "name" | "kind">): Calendar {
  if (aroundTheClock.has(kind)) return allHours;
  for (const rule of line.clocks) if (rule.name === name) return rule.calendar;
  return line.calendar;
}

/** The rules of one kind, in the line's order. */
export function rulesOf(line: Line, kind: ClockKind): readonly ClockRule[] {
  return line.clocks.filter((rule) => rule.kind === kind);
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
