import {
  type ClockKind,
  type CrossingStep,
  type DurationMs,
  type Hours,
  type LineClock,
  type LineDocument,
  type LineRef,
  type Targets,
  parseDuration,
  partyOf,
} from "@crossline/contracts";
import { type Calendar, allHours } from "../calendar/calendar.ts";
import { calendarFor } from "../calendar/pinned.ts";
import type { KindRules } from "../clock/change.ts";
import { kindRules } from "../clock/kinds/all.ts";
import {
  type ClockRule,
  type Line,
  type PinnedCalendars,
  type LineStep,
  type Target,
  defaultLettersMs,
} from "./line.ts";

const jointAfterByDefault = 2;
/**
 * The placeholder for the target in some rules. The clocks of these rules have their own targets and never use the placeholder.
 */
const unusedTarget = "P1D";

const kinds = Object.entries(kindRules) as [ClockKind, KindRules][];

/**
 * Compiles a published document into a line. A crossing line also has each implied clock that the document does not name.
 * Without implied clocks, an open case could have no clock, and its customer could wait for ever.
 */
export function compileLine(ref: LineRef, document: LineDocument, calendars: PinnedCalendars = {}): Line {
  const observe = document.mode === "observe";
  const open = (hours: Hours | undefined, otherwise: Calendar): Calendar =>
    hours === undefined ? otherwise : calendarFor(hours, calendars);
  const calendar = open(document.calendar, allHours);
  const named: ClockRule[] = document.clocks.map((clock) => ({
    name: clock.name ?? clock.kind,
    kind: clock.kind,
    target: readTarget(clock.target ?? unusedTarget),
    thresholds: [...new Set(clock.warnAt)].toSorted((a, b) => a - b).concat(100),
    calendar: open(clock.calendar, calendar),
    ...pauses(clock),
  }));
  const namedKinds = new Set(named.map((clock) => clock.kind));
  const implied: ClockRule[] = kinds.flatMap(([kind, { implied: rule }]) => {
    if (observe || rule === undefined || namedKinds.has(kind) || rule.where?.(document) === false) return [];
    return [{ name: kind, kind, target: readTarget(rule.target), thresholds: [100], calendar }];
  });
  const { problems, incidents, needBy, handlings, letters, triggers = [] } = document;
  const skillTrigger = triggers.find((trigger) => trigger.on === "skill.missing");
  return {
    ref,
    observe,
    calendar,
    clocks: [...named, ...implied],
    pausing: named.filter(({ pausedWhile = [] }) => pausedWhile.length > 0),
    crossing: document.crossing.map((step) => readStep(step, open(step.hours, allHours))),
    triggers,
    ...(skillTrigger !== undefined && { skillLevel: skillTrigger.level }),
    lastResort: document.lastResort,
    jointAfter: document.returns?.jointAfter ?? jointAfterByDefault,
    requires: (document.requires ?? []).map((item) => (typeof item === "string" ? { item, from: "carrier" } : item)),
    ...(problems !== undefined && {
      problems: {
        missing: problems.missing,
        ...(problems.returned !== undefined && { returned: problems.returned }),
        ...(problems.within !== undefined && { withinMs: parseDuration(problems.within) }),
        investigateWithinMs: parseDuration(problems.investigateWithin ?? "P10D"),
      },
    }),
    ...(incidents !== undefined && {
      incidents: { cases: incidents.cases, withinMs: parseDuration(incidents.within) },
    }),
    ...(needBy !== undefined && {
      needBy: {
        cureMs: parseDuration(needBy.cure),
        hours: open(needBy.hours, allHours),
        marginMs: needBy.margin === undefined ? 0 : parseDuration(needBy.margin),
        ...(needBy.emergency !== undefined && { emergency: needBy.emergency.slice("roster:".length) }),
      },
    }),
    lettersMs: letters === undefined ? defaultLettersMs : parseDuration(letters),
    ...(handlings !== undefined && { handlings: { maxMs: parseDuration(handlings.max) } }),
  };
}

/** Returns the pauses that the line names. If the line names no pauses, returns the pauses of the kind. */
function pauses({ kind, pausedWhile }: LineClock): Pick<ClockRule, "pausedWhile"> {
  if (pausedWhile !== undefined) return { pausedWhile };
  const usual = kindRules[kind].pausedWhile;
  return usual === "never" || usual.length === 0 ? {} : { pausedWhile: usual };
}

function readStep({ to, mode, acceptWithin, repeat, whenClosed = "skip" }: CrossingStep, hours: Calendar): LineStep {
  const name = to.slice(to.indexOf(":") + 1);
  const rest = { mode, repeat, hours, whenClosed, ...(acceptWithin !== undefined && { acceptWithin }) };
  if (to.startsWith("roster:")) return { kind: "roster", roster: name, ...rest };
  return to.startsWith("pool:")
    ? { kind: "pool", pool: name, ...rest }
    : { kind: "queue", queue: name, vendor: partyOf(name), ...rest };
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
    ...(targets.live !== undefined && { live: parseDuration(targets.live) }),
  };
}
