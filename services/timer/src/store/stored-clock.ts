import type { DurationMs, Instant, Severity } from "@crossline/contracts";
import {
  type CaseClocks,
  type Clock,
  type ClockStart,
  type EndedClock,
  type Line,
  formatStart,
  parseStart,
} from "@crossline/domain";

/**
 * One clock of a stored state, as a list. The list omits every value that the timer can take from the rule of the line or from
 * the holder.
 */
export type StoredClock = readonly [
  rule: StoredRule,
  /** If the value is a number, the event with this sequence on the case topic started the clock. */
  incarnation: number | string,
  startedAt?: number,
  /**
   * The start and the end of each counted interval, in one list. If the last interval has no end, the clock is neither paused
   * nor ended.
   */
  counted?: readonly number[],
  /** The deadline and the lateness of each firing, in one list. */
  fired?: readonly number[],
  /** 0: the holder. */
  charged?: string | 0,
  notBefore?: number,
  overtaken?: 1 | 0,
];

/**
 * The rule of a clock. The rule is an index in the line, an index with the clock's own target, or a complete rule that is not in the
 * line.
 */
type StoredRule = number | readonly [place: number, targetMs: number] | CompleteRule;
type CompleteRule = readonly [
  name: string,
  kind: Clock["kind"],
  targetMs: number,
  thresholds: readonly number[],
  /** The value 1 means that the target does not come from the line. */
  own?: 1,
];
/** A clock that has fired and ended, with the instant of its end. */
export type StoredEndedClock = readonly [clock: StoredClock, endedAt: number, overtaken?: 1];

/** Encodes a clock. Stores each instant as milliseconds from `base`, the instant of the last event of the case. */
export function encodeClock(
  clock: Clock,
  facts: Pick<CaseClocks, "severity" | "holder">,
  line: Line,
  base: Instant,
): StoredClock {
  const { start, startedAt, charged, notBefore, overtaken } = clock;
  const counted: number[] = [];
  for (const { from, to } of clock.counted) {
    counted.push(from - base);
    if (to !== undefined) counted.push(to - base);
  }
  const fired = clock.fired.flatMap(({ dueAt, firedAt }) => [dueAt - base, firedAt - dueAt]);
  return cut([
    encodeRule(clock, facts.severity, line),
    encodeStart(start),
    startedAt - base,
    counted,
    fired,
    charged === facts.holder ? 0 : charged,
    // `notBefore` is never after `base`. The function subtracts 1, because `cut` would remove a stored 0.
    notBefore === undefined ? 0 : notBefore - base - 1,
    overtaken === true ? 1 : 0,
  ]);
}

function encodeStart(start: ClockStart): number | string {
  return start.by === "case" ? start.sequence : formatStart(start);
}

function decodeStart(stored: number | string): ClockStart {
  return typeof stored === "number" ? { by: "case", sequence: stored } : parseStart(stored);
}

function encodeRule(clock: Clock, severity: Severity, line: Line): StoredRule {
  const { name, kind, targetMs, thresholds, own } = clock;
  const place = line.clocks.findIndex((rule) => rule.name === name);
  const rule = line.clocks[place];
  const isOfLine = rule !== undefined && rule.kind === kind && areSame(rule.thresholds, thresholds);
  if (isOfLine && own === true) return [place, targetMs];
  if (isOfLine && rule.target[severity] === targetMs) return place;
  return own === true ? [name, kind, targetMs, thresholds, 1] : [name, kind, targetMs, thresholds];
}

type RuleFields = Pick<Clock, "name" | "kind" | "targetMs" | "thresholds" | "own">;

function decodeRule(stored: StoredRule, severity: Severity, line: Line): RuleFields {
  const [place, targetMs] = typeof stored === "number" ? [stored] : stored;
  if (typeof place === "string") {
    const [name, kind, written, thresholds, own] = stored as CompleteRule;
    return { name, kind, targetMs: written, thresholds, ...(own === 1 && { own: true }) };
  }
  const rule = line.clocks[place];
  if (rule === undefined) throw new Error(`the line has no clock ${place}`);
  const { name, kind, target, thresholds } = rule;
  if (targetMs === undefined) return { name, kind, targetMs: target[severity], thresholds };
  return { name, kind, targetMs: targetMs as DurationMs, thresholds, own: true };
}

/**
 * Decodes a clock. `facts`, `line` and `base` must have the same values as in the call of `encodeClock`. Throws if the line has no
 * rule at the stored index.
 */
export function decodeClock(
  stored: StoredClock,
  facts: Pick<CaseClocks, "severity" | "holder">,
  line: Line,
  base: Instant,
): Clock {
  const [storedRule, start, startedAt = 0, flatCounted = [], flatFired = [], charged = 0, notBefore = 0] = stored;
  const rule = decodeRule(storedRule, facts.severity, line);
  const counted: Clock["counted"][number][] = [];
  for (let index = 0; index < flatCounted.length; index += 2) {
    const [from = 0, to] = [flatCounted[index], flatCounted[index + 1]];
    counted.push(to === undefined ? { from: base + from } : { from: base + from, to: base + to });
  }
  const fired: Clock["fired"][number][] = [];
  for (let index = 0; index < flatFired.length; index += 2) {
    const dueAt = base + (flatFired[index] ?? 0);
    fired.push({ dueAt, firedAt: dueAt + (flatFired[index + 1] ?? 0) });
  }
  return {
    name: rule.name,
    kind: rule.kind,
    start: decodeStart(start),
    charged: charged === 0 ? facts.holder : charged,
    startedAt: base + startedAt,
    targetMs: rule.targetMs,
    thresholds: rule.thresholds,
    ...(rule.own === true && { own: true }),
    counted,
    fired,
    ...(notBefore !== 0 && { notBefore: base + notBefore + 1 }),
    ...(stored[7] === 1 && { overtaken: true }),
  };
}

/** Encodes a clock that has fired and ended. */
export function encodeEnded(clock: EndedClock, facts: CaseClocks, line: Line, base: Instant): StoredEndedClock {
  const stored = encodeClock({ ...clock, overtaken: false }, facts, line, base);
  return clock.overtaken ? [stored, clock.endedAt - base, 1] : [stored, clock.endedAt - base];
}

/** Removes the zeros and empty lists at the end of a list. Decoding restores them. */
export function cut<List extends readonly unknown[]>(list: List): List {
  let length = list.length;
  for (; length > 0; length--) {
    const last = list[length - 1];
    if (last !== 0 && !(Array.isArray(last) && last.length === 0)) break;
  }
  return length === list.length ? list : (list.slice(0, length) as unknown as List);
}

function areSame(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((value, index) => value === b[index]));
}
