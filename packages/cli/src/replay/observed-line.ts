import {
  type CalendarDocument,
  type ClockKind,
  type DurationMs,
  type Hours,
  type LineClock,
  type LineDocument,
  formatDuration,
  importName,
  parseDuration,
} from "@crossline/contracts";
import { type ClockRule, compileLine } from "@crossline/domain";
import { CommandFault } from "../fault.ts";
import { notesOn } from "./line-notes.ts";

/** An idle clock, as given on the command line. */
export type IdleClock = { readonly name: string; readonly ms: number };

/** The breach of one of these makes a case cross, where its line crosses. */
export const crossingKinds: ReadonlySet<ClockKind> = new Set(["stall.busy", "stall.idle", "handling.limit"]);

const dayMs = 86_400_000;

/** A line as a replay runs it: what it would have measured, while nothing crosses and nobody is told. */
export type ObservedLine = {
  /** As it is called where it was written. */
  readonly title: string;
  /** To be published by the name that `renameForImport` gives it. */
  readonly document: LineDocument;
  /** To be published before it. */
  readonly calendars: readonly CalendarDocument[];
  /** How far behind the last row every clock has fired. */
  readonly beyondMs: DurationMs;
  /** Those of its clocks whose firings follow from the file alone. */
  readonly idles: readonly IdleClock[];
  /** The names of the others. */
  readonly unchecked: readonly string[];
  /** What the copy leaves out or adds, a sentence each. */
  readonly notes: readonly string[];
};

/** A line of idle clocks alone. */
export function idleLine(idles: readonly IdleClock[]): ObservedLine {
  const clocks = idles.map(({ name, ms }) => ({
    kind: "stall.idle" as const,
    name,
    target: formatDuration(ms),
    warnAt: [],
  }));
  return observeLine({ line: "idle", mode: "observe", calendar: "24x7", clocks, crossing: [], lastResort: [] });
}

/** A need-by and a promise are nothing that a log tells of. */
function isMeasured({ kind }: LineClock): boolean {
  return kind !== "need-by" && kind !== "promise";
}

/**
 * The observing copy of a line: its clocks and hours, with the idle clock that a line that crosses has even unnamed. Calendars
 * are given by the names that the line has for them; here all are the desk's own.
 */
export function observeLine(
  document: LineDocument,
  given: Readonly<Record<string, CalendarDocument>> = {},
): ObservedLine {
  const own = (hours: Hours): Hours => (typeof hours === "string" ? nameOf(hours) : hours.map(nameOf));
  const calendar = own(document.calendar);
  const implied = impliedClocks(document);
  const clocks = [...document.clocks.filter(isMeasured), ...implied].map((clock) =>
    clock.calendar === undefined ? clock : { ...clock, calendar: own(clock.calendar) },
  );
  const named = new Set([calendar, ...clocks.map((clock) => clock.calendar ?? calendar)].flat());
  const calendars = Object.entries(given)
    .map(([name, written]) => ({ ...written, calendar: nameOf(name) }))
    .filter((one) => named.delete(one.calendar));
  named.delete("24x7");
  if (named.size > 0) {
    const which = [...named].join(", ").replaceAll("--", "/");
    throw new CommandFault(
      `It counts in hours that are not known here: ${which}. Pass each with --calendar NAME=FILE.`,
    );
  }
  const plain = clocks.filter((clock) => isPlainIdle(clock, calendar));
  const others = clocks.filter((clock) => !plain.includes(clock));
  return {
    title: document.line,
    document: { line: "replayed", mode: "observe", calendar, clocks, crossing: [], lastResort: [] },
    calendars,
    beyondMs: markDelayMs(clocks, calendars.length === 0),
    idles: plain.map(idleOf),
    unchecked: others.map(({ name, kind }) => name ?? kind),
    notes: notesOn(
      document,
      implied,
      document.clocks.filter((clock) => !isMeasured(clock)),
    ),
  };
}

/** A line and its calendars by the names that belong to an import, so that they are removed with it. */
export function renameForImport(
  { document, calendars }: Pick<ObservedLine, "document" | "calendars">,
  timeline: string,
): Pick<ObservedLine, "document" | "calendars"> {
  const line = importName(timeline);
  const names = new Map(calendars.map(({ calendar }, index) => [calendar, `${line}-${index + 1}`]));
  const renamed = (name: string): string => names.get(name) ?? name;
  const own = (hours: Hours): Hours => (typeof hours === "string" ? renamed(hours) : hours.map(renamed));
  const clocks = document.clocks.map((clock) =>
    clock.calendar === undefined ? clock : { ...clock, calendar: own(clock.calendar) },
  );
  return {
    document: { ...document, line, calendar: own(document.calendar), clocks },
    calendars: calendars.map((one) => ({ ...one, calendar: renamed(one.calendar) })),
  };
}

function nameOf(calendar: string): string {
  return calendar.replace("/", "--");
}

function impliedClocks({ line: name, mode, clocks }: LineDocument): LineClock[] {
  const bare = clocks.map(({ kind, name: named, target, warnAt }) => ({ kind, name: named, target, warnAt }));
  const document: LineDocument = { line: name, mode, calendar: "24x7", clocks: bare, crossing: [], lastResort: [] };
  const compiled = compileLine({ carrier: "replayed", name, version: 1 }, document).clocks;
  const written = new Set(clocks.map((clock) => clock.name ?? clock.kind));
  return compiled.filter((rule) => !written.has(rule.name) && crossingKinds.has(rule.kind)).map(writeClock);
}

function writeClock({ name, kind, target, thresholds }: ClockRule): LineClock {
  const { critical, major, minor } = target;
  return {
    name,
    kind,
    target: { critical: formatDuration(critical), major: formatDuration(major), else: formatDuration(minor) },
    warnAt: thresholds.slice(0, -1),
  };
}

/** Around the clock that is the longest target; where somebody sleeps it takes longer, with a holiday fortnight. */
function markDelayMs(clocks: readonly LineClock[], isAroundTheClock: boolean): DurationMs {
  const targets = clocks.flatMap(({ target }) => (typeof target === "string" ? [target] : Object.values(target ?? {})));
  const longestMs = Math.max(...targets.map((text) => (text === undefined ? 0 : parseDuration(text))));
  return 60_000 + (isAroundTheClock ? longestMs : longestMs * 6 + 14 * dayMs);
}

/** Counts every minute of the holder's turn: no hours, no rests. */
function isPlainIdle({ kind, calendar, pausedWhile }: LineClock, ofLine: Hours): boolean {
  return kind === "stall.idle" && (calendar ?? ofLine) === "24x7" && (pausedWhile ?? []).length === 0;
}

/** An imported case is a minor one. */
function idleOf({ name, kind, target }: LineClock): IdleClock {
  const text = typeof target === "object" ? (target.minor ?? target.else) : target;
  return { name: name ?? kind, ms: parseDuration(text ?? "PT0S") };
}
