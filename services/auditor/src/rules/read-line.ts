import {
  type ClockKind,
  type DurationMs,
  type EventData,
  type Hours,
  type Instant,
  type LineDocument,
  type Pause,
  type Targets,
  parseDuration,
} from "@crossline/contracts";
import { type Calendar, always, calendarOf } from "./calendar.ts";
import type { AuditedLine } from "./audited-line.ts";
import { isAudited } from "./kinds.ts";
import type { Obligation } from "./obligation.ts";

type LineClock = {
  readonly name?: string | undefined;
  readonly kind: ClockKind;
  /** Absent for `need-by` and `promise`, whose targets do not come from the line. */
  readonly target?: Targets | undefined;
  readonly warnAt: readonly number[];
  readonly calendar?: Hours | undefined;
  readonly pausedWhile?: readonly Pause[] | undefined;
};

/**
 * The clocks that a crossing line implies. Without implied clocks, an open case could have no clock at all
 * (docs/decisions/0019-a-crossing-line-implies-clocks.md).
 */
const implied: readonly LineClock[] = [
  { kind: "stall.idle", target: { critical: "PT30M", else: "PT2H" }, warnAt: [] },
  { kind: "vendor.acceptance", target: { critical: "PT5M", major: "PT30M", else: "PT4H" }, warnAt: [] },
  { kind: "confirmation", target: "P3D", warnAt: [] },
  { kind: "information", target: "P1D", warnAt: [] },
  { kind: "joint", target: "PT2H", warnAt: [] },
  { kind: "reply", target: "P1D", warnAt: [] },
  // The targets of `promise` and `need-by` have no effect. A promise is due at the end of its window, and a need-by at the latest safe
  // crossing.
  { kind: "promise", target: "P1D", warnAt: [] },
  { kind: "need-by", target: "P1D", warnAt: [] },
];

/** The deadlines of these kinds are fixed instants, so their clocks count in 24x7, and `pausedWhile` has no effect. */
const aroundTheClock: readonly ClockKind[] = ["need-by", "promise", "last-resort"];
const neverPausedKinds: readonly ClockKind[] = [...aroundTheClock, "confirmation", "information", "reply"];

/** Reads a published line with the calendars that it pins. */
export function readLine(document: LineDocument, pinned: EventData<"line.published">["calendars"] = {}): AuditedLine {
  const observes = document.mode === "observe";
  const open = createHours(pinned);
  const unaudited: AuditedLine["unaudited"][number][] = [];
  const obligations: Obligation[] = [];
  const { needBy } = document;
  const cureHours = needBy === undefined ? undefined : open(needBy.hours ?? "24x7");
  for (const one of clocksOf(document)) {
    const { kind, name = kind } = one;
    const calendar = aroundTheClock.includes(kind) ? always : open(one.calendar ?? document.calendar);
    const isKnown = calendar !== undefined && (kind !== "need-by" || cureHours !== undefined);
    if (isKnown && isAudited(kind)) obligations.push({ ...readClock(one, name), calendar });
    else unaudited.push({ clock: name, kind, reason: isAudited(kind) ? "calendar" : "kind" });
  }
  return {
    observes,
    obligations,
    byName: new Map(obligations.toReversed().map((each) => [each.kind === "promise" ? "promise" : each.name, each])),
    waits: readWaits(document, open),
    ...(needBy !== undefined && cureHours !== undefined && { latestSafe: latestSafeBy(needBy, cureHours) }),
    ...(document.handlings !== undefined && { handlingMaxMs: parseDuration(document.handlings.max) }),
    unaudited: unaudited,
  };
}

/** Returns the explicit and implied clocks of a line. Omits `need-by` if the line has no plan. */
function clocksOf(document: LineDocument): LineClock[] {
  const missing = implied.filter(({ kind }) => document.clocks.every((clock) => clock.kind !== kind));
  const all = document.mode === "observe" ? document.clocks : [...document.clocks, ...missing];
  return all.filter(({ kind }) => kind !== "need-by" || document.needBy !== undefined);
}

function readClock({ kind, target: targets = "P1D", warnAt, pausedWhile }: LineClock, name: string) {
  const thresholds = [...[...new Set(warnAt)].toSorted((a, b) => a - b), 100];
  const byKind: readonly Pause[] = kind === "resolution" ? ["customer"] : [];
  return {
    name,
    kind,
    targets,
    thresholds,
    pausedWhile: neverPausedKinds.includes(kind) ? [] : (pausedWhile ?? byKind),
  };
}

/** Returns a function. The function returns the calendar for given hours, and creates each calendar once. */
function createHours(pinned: NonNullable<EventData<"line.published">["calendars"]>) {
  const made = new Map<string, Calendar | undefined>();
  return (hours: Hours): Calendar | undefined => {
    const key = String(hours);
    if (!made.has(key)) made.set(key, calendarOf(hours, pinned));
    return made.get(key);
  };
}

function readWaits(document: LineDocument, open: (hours: Hours) => Calendar | undefined): AuditedLine["waits"] {
  return new Map(
    document.crossing.flatMap(({ to, hours, whenClosed }, step) =>
      hours === undefined || whenClosed !== "wait" ? [] : [[step, { to, hours: open(hours) }] as const],
    ),
  );
}

function latestSafeBy({ cure, margin = "PT0S" }: NonNullable<LineDocument["needBy"]>, hours: Calendar) {
  const [cureMs, marginMs] = [cure, margin].map(parseDuration) as [DurationMs, DurationMs];
  return (needBy: Instant): Instant => hours.subtract(needBy, cureMs) - marginMs;
}

/** The built-in line. The domain has a copy of this document, because the auditor uses no code of the domain. */
export const builtinLine: AuditedLine = readLine({
  line: "default",
  mode: "cross",
  calendar: "24x7",
  clocks: [
    { kind: "first-response", target: { live: "PT15M", else: "PT4H" }, warnAt: [] },
    { kind: "stall.busy", target: "PT20M", warnAt: [50, 75, 90] },
    { kind: "handling.limit", target: "PT45M", warnAt: [] },
    { kind: "stall.idle", target: { critical: "PT30M", else: "PT2H" }, warnAt: [] },
  ],
  crossing: [],
  lastResort: [],
});
