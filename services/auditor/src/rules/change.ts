import type { ClockKind } from "@crossline/contracts";
import { type Turn, isOneOf } from "./turn.ts";
import { isCountedOn } from "./kinds.ts";
import { type AuditedLine, hoursOf } from "./audited-line.ts";
import { isMerged, keepEarlier } from "./merge.ts";
import { type Meter, countAgain, countedMax } from "./meter.ts";
import { type Obligation, targetOf } from "./obligation.ts";
import { latestSafeOf } from "./owed-kinds.ts";

/** They go on where the new line says nothing of them. */
export const lasting: readonly ClockKind[] = ["promise", "last-resort"];

/**
 * A running clock under another severity, another line or another need-by: what it has counted and what has fired stays; what it
 * has reached by its new target already is due now.
 */
export function change(turn: Turn, meter: Meter, obligation: Obligation, earlier: AuditedLine): void {
  if (isOneOf(turn, "case.severity-changed")) changeSeverity(turn, meter, obligation);
  if (isMerged(turn)) keepEarlier(turn, meter);
  if (isOneOf(turn, "case.corrected") && meter.kind === "need-by") correct(turn, meter);
  if (isOneOf(turn, "case.moved") && obligation.kind === meter.kind && meter.kind !== "last-resort")
    move(turn, meter, obligation, earlier);
}

/** Whether a clock that has breached gives way to one that begins by this happening. */
export function isReplaced(turn: Turn, meter: Meter, earlier: AuditedLine): boolean {
  if (meter.next < meter.thresholds.length) return false;
  // Where nothing crossed, its breach was only measured.
  if (isOneOf(turn, "case.moved")) return isCountedOn(meter.kind) && earlier.observes && !turn.line.observes;
  if (meter.kind !== "need-by" || !isOneOf(turn, "case.corrected")) return false;
  const { time, data } = turn.happening;
  return data.needBy !== undefined && (latestSafeOf(turn) ?? -Infinity) > time;
}

function changeSeverity({ happening, after }: Turn, meter: Meter, { targets }: Obligation): void {
  const isLive = meter.live === true && typeof targets !== "string" && targets.live !== undefined;
  if (isLive || meter.fixed === true) return;
  meter.target = targetOf(targets, after.severity, false);
  meter.notBefore = happening.time;
}

function correct(turn: Turn, meter: Meter): void {
  const latest = latestSafeOf(turn);
  if (!isOneOf(turn, "case.corrected") || turn.happening.data.needBy === undefined || latest === undefined) return;
  if (meter.next === meter.thresholds.length) return;
  meter.target = Math.max(0, latest - meter.began);
  meter.notBefore = turn.happening.time;
}

function move(turn: Turn, meter: Meter, { targets, thresholds }: Obligation, earlier: AuditedLine): void {
  const { happening, after, line } = turn;
  const fired = meter.thresholds.slice(0, meter.next);
  const hours = hoursOf(line, meter);
  if (hours.identity !== hoursOf(earlier, meter).identity) {
    if (meter.counted.length > countedMax) meter.unsure = true;
    countAgain(meter, hours);
  }
  meter.thresholds = [...fired, ...thresholds.filter((percent) => percent > (fired.at(-1) ?? 0))];
  if (meter.kind === "need-by") {
    const latest = latestSafeOf(turn);
    if (latest !== undefined) meter.target = Math.max(0, latest - meter.began);
  } else if (meter.fixed !== true) {
    meter.target = targetOf(targets, after.severity, meter.live === true);
  }
  meter.notBefore = happening.time;
}
