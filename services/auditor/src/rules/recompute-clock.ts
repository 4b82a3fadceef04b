import type { ClockKind } from "@crossline/contracts";
import { type CaseChange, isOneOf } from "./case-change.ts";
import { restartsAtBreach } from "./kinds.ts";
import { type AuditedLine, hoursOf } from "./audited-line.ts";
import { isMerged, keepEarlierDeadline } from "./merge.ts";
import { type AuditedClock, recount, countedMax } from "./audited-clock.ts";
import { type Obligation, targetOf } from "./obligation.ts";
import { latestSafeOf } from "./owed-kinds.ts";

/** The clocks of these kinds continue after a move even if the new line does not name them. */
export const lineIndependentKinds: readonly ClockKind[] = ["promise", "last-resort"];

/**
 * Recomputes an open clock after a change of severity, line or need-by. Counted time and fired thresholds stay. If the counted time
 * has already reached a threshold, the threshold is due at once.
 */
export function recomputeClock(
  change: CaseChange,
  clock: AuditedClock,
  obligation: Obligation,
  earlier: AuditedLine,
): void {
  if (isOneOf(change, "case.severity-changed")) recomputeForSeverity(change, clock, obligation);
  if (isMerged(change)) keepEarlierDeadline(change, clock);
  if (isOneOf(change, "case.corrected") && clock.kind === "need-by") recomputeNeedBy(change, clock);
  if (isOneOf(change, "case.moved") && obligation.kind === clock.kind && clock.kind !== "last-resort")
    recomputeForLine(change, clock, obligation, earlier);
}

/** Returns whether the event ends a breached clock, so that a new clock can start. */
export function isReplaced(change: CaseChange, clock: AuditedClock, earlier: AuditedLine): boolean {
  if (clock.next < clock.thresholds.length) return false;
  // A breach under a line that observes did not restart the clock. A move to a line that crosses restarts the clock.
  if (isOneOf(change, "case.moved")) return restartsAtBreach(clock.kind) && earlier.observes && !change.line.observes;
  if (clock.kind !== "need-by" || !isOneOf(change, "case.corrected")) return false;
  const { time, data } = change.event;
  return data.needBy !== undefined && (latestSafeOf(change) ?? -Infinity) > time;
}

function recomputeForSeverity({ event, after }: CaseChange, clock: AuditedClock, { targets }: Obligation): void {
  const isLive = clock.live === true && typeof targets !== "string" && targets.live !== undefined;
  if (isLive || clock.fixed === true) return;
  clock.target = targetOf(targets, after.severity, false);
  clock.notBefore = event.time;
}

function recomputeNeedBy(change: CaseChange, clock: AuditedClock): void {
  const latest = latestSafeOf(change);
  if (!isOneOf(change, "case.corrected") || change.event.data.needBy === undefined || latest === undefined) return;
  if (clock.next === clock.thresholds.length) return;
  clock.target = Math.max(0, latest - clock.began);
  clock.notBefore = change.event.time;
}

function recomputeForLine(
  change: CaseChange,
  clock: AuditedClock,
  { targets, thresholds }: Obligation,
  earlier: AuditedLine,
): void {
  const { event, after, line } = change;
  const fired = clock.thresholds.slice(0, clock.next);
  const hours = hoursOf(line, clock);
  if (hours.identity !== hoursOf(earlier, clock).identity) {
    if (clock.counted.length > countedMax) clock.unsure = true;
    recount(clock, hours);
  }
  clock.thresholds = [...fired, ...thresholds.filter((percent) => percent > (fired.at(-1) ?? 0))];
  if (clock.kind === "need-by") {
    const latest = latestSafeOf(change);
    if (latest !== undefined) clock.target = Math.max(0, latest - clock.began);
  } else if (clock.fixed !== true) {
    clock.target = targetOf(targets, after.severity, clock.live === true);
  }
  clock.notBefore = event.time;
}
