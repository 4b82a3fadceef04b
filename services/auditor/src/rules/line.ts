import {
  type ClockKind,
  type DurationMs,
  type LineDocument,
  type Severity,
  type Targets,
  parseDuration,
} from "@crossline/contracts";
import { type Calendar, calendarNamed } from "./calendar.ts";
import { isAudited } from "./kinds.ts";

/** What a line says of one of its clocks. */
export type Obligation = {
  readonly name: string;
  readonly kind: ClockKind;
  readonly targets: Targets;
  /** Warnings in % of the target, rising, and then 100, the breach. */
  readonly thresholds: readonly number[];
};

/** A line as the auditor reads it: what it must see fire, and what it has no rules for. */
export type AuditedLine = {
  /** Nothing crosses: no clock is implied, and a silence that has breached is not counted anew. */
  readonly observes: boolean;
  readonly calendar: Calendar;
  readonly obligations: readonly Obligation[];
  readonly unaudited: readonly {
    readonly clock: string;
    readonly kind: string;
    readonly reason: "kind" | "calendar";
  }[];
};

/** domain.md 2 and decision 4: without these an open case that may cross could be left with no clock at all. */
const implied: readonly Obligation[] = [
  { name: "stall.idle", kind: "stall.idle", targets: { critical: "PT30M", else: "PT2H" }, thresholds: [100] },
  {
    name: "vendor.acceptance",
    kind: "vendor.acceptance",
    targets: { critical: "PT5M", major: "PT30M", else: "PT4H" },
    thresholds: [100],
  },
  { name: "confirmation", kind: "confirmation", targets: "P3D", thresholds: [100] },
  { name: "information", kind: "information", targets: "P1D", thresholds: [100] },
];

/** Works out what a published document asks for. */
export function readLine(document: LineDocument): AuditedLine {
  const observes = document.mode === "observe";
  const named: Obligation[] = document.clocks.map(({ kind, name = kind, target: targets = "P1D", warnAt }) => ({
    name,
    kind,
    targets,
    thresholds: [...[...new Set(warnAt)].toSorted((a, b) => a - b), 100],
  }));
  const missing = implied.filter(({ kind }) => named.every((obligation) => obligation.kind !== kind));
  const all = observes ? named : [...named, ...missing];
  const calendar = calendarNamed(document.calendar);
  const isKnown = ({ kind }: Obligation): boolean => calendar !== undefined && isAudited(kind);
  return {
    observes,
    calendar: calendar ?? never,
    obligations: all.filter(isKnown),
    unaudited: all
      .filter((obligation) => !isKnown(obligation))
      .map(({ name, kind }) => ({ clock: name, kind, reason: isAudited(kind) ? "calendar" : "kind" })),
  };
}

const never: Calendar = { between: () => 0, add: () => Infinity };

/** The target for a case: by severity, or for a customer who is on the line. */
export function targetOf(targets: Targets, severity: Severity, isLive: boolean): DurationMs {
  if (typeof targets === "string") return parseDuration(targets);
  const { live, else: rest } = targets;
  return parseDuration((isLive ? live : undefined) ?? targets[severity] ?? rest);
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
