import type { ClockKind } from "@crossline/contracts";
import type { Turn } from "./happening.ts";
import { type AuditedLine, hoursOf } from "./line.ts";
import { type Meter, neverRested } from "./meter.ts";
import { type Obligation, targetOf } from "./obligation.ts";

/** No line says when they are due: where a case is moved they stay as they are. */
export const lasting: readonly ClockKind[] = ["promise", "last-resort"];

/**
 * A running clock under another severity or another line: what it has counted and what has fired stays; what it has reached by its
 * new target already is due now.
 */
export function change(turn: Turn, meter: Meter, obligation: Obligation, earlier: AuditedLine): void {
  const { happening } = turn;
  if (happening.type === "case.severity-changed") changeSeverity(turn, meter, obligation);
  if (happening.type === "case.moved" && !lasting.includes(meter.kind)) move(turn, meter, obligation, earlier);
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
  // Of a clock that has rested nobody keeps when: what it has counted cannot be counted anew in other hours. And a silence that has
  // breached while nothing crossed is not counted anew by any event.
  const isSilent = meter.kind === "stall.idle" && earlier.observes && meter.next === meter.thresholds.length;
  if ((isElsewhere && !neverRested(meter)) || (isSilent && !line.observes)) meter.unsure = true;
  meter.thresholds = [...fired, ...thresholds.filter((percent) => percent > (fired.at(-1) ?? 0))];
  if (meter.kind === "need-by") {
    const latest = after.needBy === undefined ? undefined : line.latestSafe?.(after.needBy);
    meter.target = Math.max(0, (latest ?? meter.began) - meter.began);
  } else {
    // An offer's own time, or a pause's, was the old line's: the new rule has its say.
    delete meter.fixed;
    meter.target = targetOf(targets, after.severity, meter.live === true);
  }
  meter.notBefore = happening.time;
}
