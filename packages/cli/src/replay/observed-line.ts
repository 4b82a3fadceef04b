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

/** An idle clock of the command line. */
export type IdleClock = { readonly name: string; readonly ms: number };

/** The clock kinds whose breach makes a case cross under a crossing line. */
export const crossingKinds: ReadonlySet<ClockKind> = new Set(["stall.busy", "stall.idle", "handling.limit"]);

const dayMs = 86_400_000;

/**
 * The observing copy of a line. The clocks count as in the original line, but no case crosses and no person is paged.
 */
export type ObservedLine = {
  /** The name of the original line. */
  readonly title: string;
  /** The document. `renameForImport` gives the document the name under which it is published. */
  readonly document: LineDocument;
  /** The calendars, which must be published before the line. */
  readonly calendars: readonly CalendarDocument[];
  /** Every clock has fired when this much time has passed since the last row. */
  readonly beyondMs: DurationMs;
  /** The clocks whose firings the file alone determines. */
  readonly idles: readonly IdleClock[];
  /** The names of the clocks whose firings the file alone does not determine. */
  readonly unchecked: readonly string[];
  /** A sentence for each part that the copy omits or adds. */
  readonly notes: readonly string[];
};

/** Returns a line that has only idle clocks. */
export function idleLine(idles: readonly IdleClock[]): ObservedLine {
  const clocks = idles.map(({ name, ms }) => ({
    kind: "stall.idle" as const,
    name,
    target: formatDuration(ms),
    warnAt: [],
  }));
  return observeLine({ line: "idle", mode: "observe", calendar: "24x7", clocks, crossing: [], lastResort: [] });
}

/** Returns false for `need-by` and `promise`, because a log contains neither. */
function isMeasured({ kind }: LineClock): boolean {
  return kind !== "need-by" && kind !== "promise";
}

/**
 * Returns the observing copy of a line. The copy has the line's clocks and open hours, and the implied idle clock of a
 * crossing line. `given` contains the calendars by their names in the line. In the copy all calendars belong to the
 * carrier.
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
    .map(([name, source]) => ({ ...source, calendar: nameOf(name) }))
    .filter((one) => named.delete(one.calendar));
  named.delete("24x7");
  if (named.size > 0) {
    const which = [...named].join(", ").replaceAll("--", "/");
    throw new CommandFault(
      `The line counts in calendars that are not given: ${which}. Pass each with --calendar NAME=FILE.`,
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

/**
 * Returns a line and its calendars with names that belong to an import. The removal of the import also removes the
 * renamed line and calendars.
 */
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
  const named = new Set(clocks.map((clock) => clock.name ?? clock.kind));
  return compiled.filter((rule) => !named.has(rule.name) && crossingKinds.has(rule.kind)).map(writeClock);
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

/**
 * Returns the time that must pass after the last row until every clock has fired. If the calendars never close, the
 * result is the longest target plus one minute. Otherwise, the result is six times the longest target, plus two weeks
 * for holidays, plus one minute.
 */
function markDelayMs(clocks: readonly LineClock[], isAroundTheClock: boolean): DurationMs {
  const targets = clocks.flatMap(({ target }) => (typeof target === "string" ? [target] : Object.values(target ?? {})));
  const longestMs = Math.max(...targets.map((text) => (text === undefined ? 0 : parseDuration(text))));
  return 60_000 + (isAroundTheClock ? longestMs : longestMs * 6 + 14 * dayMs);
}

/**
 * Returns true if an idle clock counts every minute in which the holder must act, because it has neither open hours nor
 * pauses.
 */
function isPlainIdle({ kind, calendar, pausedWhile }: LineClock, ofLine: Hours): boolean {
  return kind === "stall.idle" && (calendar ?? ofLine) === "24x7" && (pausedWhile ?? []).length === 0;
}

/** Returns the idle clock with its target for minor cases, because every imported case is minor. */
function idleOf({ name, kind, target }: LineClock): IdleClock {
  const text = typeof target === "object" ? (target.minor ?? target.else) : target;
  return { name: name ?? kind, ms: parseDuration(text ?? "PT0S") };
}
