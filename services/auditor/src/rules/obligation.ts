import {
  type ClockKind,
  type DurationMs,
  type Pause,
  type Severity,
  type Targets,
  parseDuration,
} from "@crossline/contracts";
import type { Calendar } from "./calendar.ts";

/** One clock of a line, as the auditor reads it. */
export type Obligation = {
  readonly name: string;
  readonly kind: ClockKind;
  readonly targets: Targets;
  /** The thresholds in percent of the target, in rising order. The last threshold is 100, the breach. */
  readonly thresholds: readonly number[];
  readonly calendar: Calendar;
  readonly pausedWhile: readonly Pause[];
};

/** Returns the target for the severity of a case, or the target `live` for a live contact. */
export function targetOf(targets: Targets, severity: Severity, isLive: boolean): DurationMs {
  if (typeof targets === "string") return parseDuration(targets);
  const { live, else: rest } = targets;
  return parseDuration((isLive ? live : undefined) ?? targets[severity] ?? rest);
}
