import {
  type ClockKind,
  type CrossingMode,
  type DurationMs,
  type LineDocument,
  type LineRef,
  type Severity,
  type Targets,
  parseDuration,
} from "@crossline/contracts";
import { type Calendar, allHours } from "../calendar/calendar.ts";

/** A target in milliseconds, by severity; `live` is for a customer who is on the line. */
export type Target = Readonly<Record<Severity, DurationMs>> & { readonly live?: DurationMs };

export type ClockRule = {
  readonly name: string;
  readonly kind: ClockKind;
  readonly target: Target;
  /** In % of the target, rising; the last one is 100, the breach. */
  readonly thresholds: readonly number[];
};

export type Step = {
  readonly vendor: string;
  readonly queue: string;
  readonly mode: CrossingMode;
  readonly acceptWithin?: string;
  readonly repeat: number;
};

/** A line ready for decisions: a published document with its durations read, every implied clock in place. */
export type Line = {
  readonly ref: LineRef;
  /** An observing line only measures: nothing crosses, nobody is called, no clock is implied. */
  readonly observe: boolean;
  readonly calendar: Calendar;
  readonly clocks: readonly ClockRule[];
  readonly crossing: readonly Step[];
  readonly lastResort: readonly string[];
};

const byDefault = {
  "stall.idle": { critical: "PT30M", else: "PT2H" },
  "vendor.acceptance": { critical: "PT5M", major: "PT30M", else: "PT4H" },
  confirmation: "P3D",
  information: "P1D",
} as const satisfies Partial<Record<ClockKind, Targets>>;

/**
 * Reads a published document into a line. A line that crosses also gets, where it does not name them, the clocks without
 * which an open case could be left with none: `stall.idle`, `vendor.acceptance`, `confirmation` and `information`.
 */
export function compileLine(ref: LineRef, document: LineDocument): Line {
  const observe = document.mode === "observe";
  const named: ClockRule[] = document.clocks.map((clock) => ({
    name: clock.name ?? clock.kind,
    kind: clock.kind,
    target: readTarget(clock.target),
    thresholds: [...new Set(clock.warnAt)].toSorted((a, b) => a - b).concat(100),
  }));
  const kinds = new Set(named.map((clock) => clock.kind));
  const implied: ClockRule[] = Object.entries(byDefault)
    .filter(([kind]) => !observe && !kinds.has(kind as ClockKind))
    .map(([kind, target]) => ({ name: kind, kind: kind as ClockKind, target: readTarget(target), thresholds: [100] }));
  return {
    ref,
    observe,
    calendar: allHours,
    clocks: [...named, ...implied],
    crossing: document.crossing.map(({ to, acceptWithin, ...step }) => {
      const queue = to.slice("queue:".length);
      return {
        ...step,
        queue,
        vendor: queue.split(".")[0] ?? queue,
        ...(acceptWithin === undefined ? {} : { acceptWithin }),
      };
    }),
    lastResort: document.lastResort,
  };
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
