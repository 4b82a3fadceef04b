import type { EventOf, Instant, LineRef } from "@crossline/contracts";
import { beginClocks, incarnationOf, lastResort } from "./begin.ts";
import { type CaseState, isBlurred, openedState } from "./case-state.ts";
import { change, isReplaced, lasting } from "./change.ts";
import { count, counts, restsIn } from "./counting.ts";
import { learn } from "./facts.ts";
import type { Happening } from "./happening.ts";
import { type Turn, isFinal } from "./turn.ts";
import type { Rules } from "./kind.ts";
import { isCountedOn, rules } from "./kinds.ts";
import { type AuditedLine, hoursOf, obligationOf } from "./audited-line.ts";
import { carriedOver, isMerged } from "./merge.ts";
import { type Meter, fillGaps, nextDue, restart, unnumbered } from "./meter.ts";

/** Every line that a case has been under. */
export type LineOf = (ref: LineRef) => AuditedLine;

/** The clocks of a case that has just been opened. */
export function begin(happening: EventOf<"case.opened">, line: AuditedLine): CaseState {
  const after = openedState(happening);
  beginClocks({ happening, before: undefined, after, line });
  return after;
}

/**
 * Applies one record of the case or hand-off topic: what was due before it is owed from now on, then clocks end, change, rest, go
 * on and begin by the rules of their kinds.
 */
export function follow(on: CaseState, happening: Happening, lineOf: LineOf): void {
  const earlier = lineOf(on.line);
  owe(on, earlier, happening.time);
  const { holder, status, severity } = on;
  const before = { holder, status, severity, isAsked: on.handoff?.request !== undefined };
  learn(on, happening, earlier);
  const turn = { happening, before, after: on, line: lineOf(on.line) };
  const carried = isMerged(turn) ? carriedOver(turn) : [];
  on.meters = [...on.meters.filter((meter) => goesOn(turn, meter, earlier)), ...carried.filter(isKept(turn))];
  const begun = on.meters.length;
  beginClocks(turn);
  if (on.blurred !== undefined) spreadBlur(on, happening, begun);
}

/** Records that say whether the case is crossing. */
const settling: readonly Happening["type"][] = [
  "crossing.requested",
  "case.reopened",
  "handoff.offered",
  "handoff.accepted",
  "handoff.returned",
  "handoff.resolved",
  "handoff.withdrawn",
  "handoff.taken",
];

/** What begins while the order of records is not known is unsure, too. */
function spreadBlur(on: CaseState, { type, time }: Happening, begun: number): void {
  const { until, crossingUntil } = on.blurred ?? { until: -Infinity };
  if (settling.includes(type)) on.blurred = { until };
  else if (crossingUntil !== undefined) on.blurred = { until, crossingUntil: Math.max(crossingUntil, time) };
  for (const meter of on.meters.slice(begun)) if (isBlurred(on, meter.kind, meter.began)) meter.unsure = true;
}

/** What another case had left: unless its reason is gone, and counting where it has to. */
function isKept(turn: Turn) {
  return (meter: Meter): boolean => {
    const [rule, obligation] = [rules[meter.kind], obligationOf(turn.line, meter)];
    if (rule === "unaudited" || obligation === undefined || rule.ends(turn, meter)) return false;
    count(counts(turn, meter, obligation, rule), meter, turn.happening.time, turn.line);
    return true;
  };
}

/** What was due before `until` is owed from now on. */
export function owe(on: CaseState, line: AuditedLine, until: Instant): void {
  for (const meter of on.meters) {
    for (
      let due = nextDue(meter, hoursOf(line, meter));
      due !== undefined && due < until;
      due = nextDue(meter, hoursOf(line, meter))
    ) {
      oweNext(on, meter, due, line);
    }
  }
}

/** The next threshold of a clock is owed, and the clock stands behind it. */
export function oweNext(on: CaseState, meter: Meter, due: Instant, line: AuditedLine): void {
  on.owed.push({
    clock: meter.name,
    kind: meter.kind,
    incarnation: meter.incarnation,
    threshold: meter.thresholds[meter.next] ?? 100,
    due,
    unsure: meter.unsure === true,
  });
  pass(meter, due, line, unnumbered(due));
}

/** The next threshold has gone by. Where a line crosses, the timer restarts what is not met by its breach. */
export function pass(meter: Meter, due: Instant, line: AuditedLine, incarnation: string): void {
  meter.next += 1;
  if (meter.next < meter.thresholds.length || !isCountedOn(meter.kind) || line.observes) return;
  restart(meter, incarnation, due);
  meter.thresholds = obligationOf(line, meter)?.thresholds ?? meter.thresholds;
}

/** Moves one clock on; false where it ends. `earlier` is the line that it had before. */
function goesOn(turn: Turn, meter: Meter, earlier: AuditedLine): boolean {
  const rule = rules[meter.kind];
  const { happening, after, line } = turn;
  const obligation = obligationOf(line, meter) ?? (lasting.includes(meter.kind) ? lastResort : undefined);
  if (rule === "unaudited" || obligation === undefined || rule.ends(turn, meter)) return false;
  if (rule.restsWhile !== undefined && isFinal(after)) return false;
  const isOver = isReplaced(turn, meter, earlier);
  if (isOver && meter.kind !== "reply") return false;
  change(turn, meter, obligation, earlier);
  // An answer is still owed, and nothing but a contact begins to ask for one.
  if (isOver)
    restart(Object.assign(meter, { thresholds: obligation.thresholds }), incarnationOf(happening), happening.time);
  if (isWoken(turn, rule)) wake(turn, meter, rule);
  count(counts(turn, meter, obligation, rule), meter, happening.time, line);
  return true;
}

/** It rested for the state of the case, and does so no more. */
function isWoken({ before, after }: Turn, rule: Rules): boolean {
  return before !== undefined && restsIn(rule, before.status) && !restsIn(rule, after.status);
}

/** A new incarnation: what was counted and the warnings that fired stay, only the breach may fire once more. */
function wake({ happening }: Turn, meter: Meter, { isWindow }: Rules): void {
  meter.incarnation = incarnationOf(happening);
  meter.next = Math.min(meter.next, meter.thresholds.length - 1);
  meter.notBefore = happening.time;
  meter.restedAt = Math.max(meter.restedAt, happening.time);
  if (isWindow === true) fillGaps(meter);
}
