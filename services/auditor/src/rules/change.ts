import type { ClockKind } from "@crossline/contracts";
import type { Turn } from "./happening.ts";
import { type AuditedLine, hoursOf } from "./line.ts";
import { isMerged, keepEarlier } from "./merge.ts";
import { type Meter, neverRested } from "./meter.ts";
import { type Obligation, targetOf } from "./obligation.ts";

/** They go on where the new line says nothing of them. */
export const lasting: readonly ClockKind[] = ["promise", "last-resort"];

/**
 * A running clock under another severity or another line: what it has counted and what has fired stays; what it has reached by its
 * new target already is due now.
 */
export function change(turn: Turn, meter: Meter, obligation: Obligation, earlier: AuditedLine): void {
  const { happening } = turn;
  if (happening.type === "case.severity-changed") changeSeverity(turn, meter, obligation);
  if (isMerged(turn)) keepEarlier(turn, meter);
  if (happening.type === "case.moved" && obligation.kind === meter.kind && meter.kind !== "last-resort")
    move(turn, meter, obligation, earlier);
}

/** A silence that has breached where nothing crossed is counted anew by a move to where something does. */
export function isCountedAnew({ happening, line }: Turn, meter: Meter, earlier: AuditedLine): boolean {
  const isSilent = meter.kind === "stall.idle" && meter.next === meter.thresholds.length;
  return happening.type === "case.moved" && isSilent && earlier.observes && !line.observes;
}

function changeSeverity({ happening, before, after }: Turn, meter: Meter, { targets }: Obligation): void {
  const isLive = meter.live === true && typeof targets !== "string" && targets.live !== undefined;
  // What was kept in the first form does not say that a target is its own: then it is not the line's.
  const isOwn =
    meter.fixed === true || (before !== undefined && meter.target !== targetOf(targets, before.severity, false));
  if (isLive || isOwn) return;
  meter.target = targetOf(targets, after.severity, false);
  meter.notBefore = happening.time;
}

function move({ happening, after, line }: Turn, meter: Meter, obligation: Obligation, earlier: AuditedLine): void {
  const { targets, thresholds } = obligation;
  const fired = meter.thresholds.slice(0, meter.next);
  const hours = hoursOf(line, meter);
  const isElsewhere = hours.identity !== hoursOf(earlier, meter).identity;
  // Of a clock that has rested nobody keeps when: what it has counted cannot be counted anew in other hours.
  if (isElsewhere && !neverRested(meter)) meter.unsure = true;
  meter.thresholds = [...fired, ...thresholds.filter((percent) => percent > (fired.at(-1) ?? 0))];
  if (meter.kind === "need-by") {
    const latest = after.needBy === undefined ? undefined : line.latestSafe?.(after.needBy);
    if (latest !== undefined) meter.target = Math.max(0, latest - meter.began);
  } else if (meter.fixed !== true) {
    meter.target = targetOf(targets, after.severity, meter.live === true);
  }
  meter.notBefore = happening.time;
}
