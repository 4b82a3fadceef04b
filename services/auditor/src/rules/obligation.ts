import {
  type ClockKind,
  type DurationMs,
  type Pause,
  type Severity,
  type Targets,
  parseDuration,
} from "@crossline/contracts";
import type { Calendar } from "./calendar.ts";

/** What a line says of one of its clocks. */
export type Obligation = {
  readonly name: string;
  readonly kind: ClockKind;
  readonly targets: Targets;
  /** Warnings in % of the target, rising, and then 100, the breach. */
  readonly thresholds: readonly number[];
  readonly calendar: Calendar;
  readonly pausedWhile: readonly Pause[];
};

/** The target for a case: by severity, or for a customer who is on the line. */
export function targetOf(targets: Targets, severity: Severity, isLive: boolean): DurationMs {
  if (typeof targets === "string") return parseDuration(targets);
  const { live, else: rest } = targets;
  return parseDuration((isLive ? live : undefined) ?? targets[severity] ?? rest);
}
