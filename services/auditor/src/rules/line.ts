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
import { isAudited } from "./kinds.ts";
import type { Meter } from "./meter.ts";
import type { Obligation } from "./obligation.ts";

/** A line as the auditor reads it: what it must see fire, and what it has no rules for. */
export type AuditedLine = {
  /** Nothing crosses: no clock is implied, and a breached stall.idle does not restart. */
  readonly observes: boolean;
  readonly obligations: readonly Obligation[];
  /** The same by name; of a promise's clock, by its kind. */
  readonly byName: ReadonlyMap<string, Obligation>;
  /** Steps that wait until somebody is there: of which queue, and in whose hours its answer is counted (undefined: not known). */
  readonly waits: ReadonlyMap<number, { readonly to: string; readonly hours: Calendar | undefined }>;
  /** The latest safe crossing of a case with a need-by. */
  readonly latestSafe?: (needBy: Instant) => Instant;
  /** Handlings that start under it count so long at least, unless they are ended. */
  readonly handlingMaxMs?: DurationMs;
  readonly unaudited: readonly {
    readonly clock: string;
    readonly kind: string;
    readonly reason: "kind" | "calendar";
  }[];
};

type Written = {
  readonly name?: string | undefined;
  readonly kind: ClockKind;
  /** Of its own for a need-by and a promise. */
  readonly target?: Targets | undefined;
  readonly warnAt: readonly number[];
  readonly calendar?: Hours | undefined;
  readonly pausedWhile?: readonly Pause[] | undefined;
};

/** domain.md 2 and decision 4: without these an open case that may cross could be left with no clock at all. */
const implied: readonly Written[] = [
  { kind: "stall.idle", target: { critical: "PT30M", else: "PT2H" }, warnAt: [] },
  { kind: "vendor.acceptance", target: { critical: "PT5M", major: "PT30M", else: "PT4H" }, warnAt: [] },
  { kind: "confirmation", target: "P3D", warnAt: [] },
  { kind: "information", target: "P1D", warnAt: [] },
  { kind: "joint", target: "PT2H", warnAt: [] },
  { kind: "reply", target: "P1D", warnAt: [] },
  // Due when the promise ends, or at the latest safe crossing: what a line says of their targets counts for nothing.
  { kind: "promise", target: "P1D", warnAt: [] },
  { kind: "need-by", target: "P1D", warnAt: [] },
];

/** Their instants are the world's, not an office's; nothing makes them rest. */
const aroundTheClock: readonly ClockKind[] = ["need-by", "promise", "last-resort"];
const restless: readonly ClockKind[] = [...aroundTheClock, "confirmation", "information", "reply"];

/** Works out what a published line asks for. */
export function readLine(document: LineDocument, pinned: EventData<"line.published">["calendars"] = {}): AuditedLine {
  const observes = document.mode === "observe";
  const open = openHours(pinned);
  const left: AuditedLine["unaudited"][number][] = [];
  const obligations: Obligation[] = [];
  const { needBy } = document;
  const cureHours = needBy === undefined ? undefined : open(needBy.hours ?? "24x7");
  for (const one of asked(document)) {
    const { kind, name = kind } = one;
    const calendar = aroundTheClock.includes(kind) ? always : open(one.calendar ?? document.calendar);
    const isKnown = calendar !== undefined && (kind !== "need-by" || cureHours !== undefined);
    if (isKnown && isAudited(kind)) obligations.push({ ...readClock(one, name), calendar });
    else left.push({ clock: name, kind, reason: isAudited(kind) ? "calendar" : "kind" });
  }
  return {
    observes,
    obligations,
    byName: new Map(obligations.toReversed().map((each) => [each.kind === "promise" ? "promise" : each.name, each])),
    waits: readWaits(document, open),
    ...(needBy !== undefined && cureHours !== undefined && { latestSafe: planned(needBy, cureHours) }),
    ...(document.handlings !== undefined && { handlingMaxMs: parseDuration(document.handlings.max) }),
    unaudited: left,
  };
}

/** Of the clocks that a document writes and that a line implies, those that can run. */
function asked(document: LineDocument): Written[] {
  const missing = implied.filter(({ kind }) => document.clocks.every((clock) => clock.kind !== kind));
  const all = document.mode === "observe" ? document.clocks : [...document.clocks, ...missing];
  return all.filter(({ kind }) => kind !== "need-by" || document.needBy !== undefined);
}

function readClock({ kind, target: targets = "P1D", warnAt, pausedWhile }: Written, name: string) {
  const thresholds = [...[...new Set(warnAt)].toSorted((a, b) => a - b), 100];
  const byKind: readonly Pause[] = kind === "resolution" ? ["customer"] : [];
  return { name, kind, targets, thresholds, pausedWhile: restless.includes(kind) ? [] : (pausedWhile ?? byKind) };
}

/** A line's calendars, each made once. */
function openHours(pinned: NonNullable<EventData<"line.published">["calendars"]>) {
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

function planned({ cure, margin = "PT0S" }: NonNullable<LineDocument["needBy"]>, hours: Calendar) {
  const [cureMs, marginMs] = [cure, margin].map(parseDuration) as [DurationMs, DurationMs];
  return (needBy: Instant): Instant => hours.subtract(needBy, cureMs) - marginMs;
}

/** What the line says of a running clock; undefined where it says nothing (any more). */
export function obligationOf(line: AuditedLine, { kind, name }: Pick<Meter, "kind" | "name">): Obligation | undefined {
  const found = line.byName.get(kind === "promise" ? "promise" : name);
  return found?.kind === kind ? found : undefined;
}

/** In which hours a running clock counts. */
export function hoursOf(line: AuditedLine, meter: Pick<Meter, "kind" | "name" | "step">): Calendar {
  if (meter.step !== undefined) return line.waits.get(meter.step)?.hours ?? always;
  return obligationOf(line, meter)?.calendar ?? always;
}

/** The line that every installation has, for carriers that have none: written out here once more, on purpose. */
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
