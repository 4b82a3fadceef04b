import { type EventOf, type Instant, type LineRef, timelineKind, topics } from "@crossline/contracts";
import { type AuditedCase, openCase, wasKept } from "./audited-case.ts";
import { always } from "./calendar.ts";
import { change, isCountedAnew, lasting } from "./change.ts";
import { learn } from "./facts.ts";
import { type Happening, type Turn, isWhile } from "./happening.ts";
import { type Beginning, type Rules, rules } from "./kinds.ts";
import { type AuditedLine, hoursOf, obligationOf } from "./line.ts";
import { carriedOver, isMerged } from "./merge.ts";
import { forgiveLate, isAnyonesGuess, isDoubtful } from "./order.ts";
import { type Meter, closeTap, nextDue, openTap, restart, unnumbered } from "./meter.ts";
import { type Obligation, targetOf } from "./obligation.ts";

/** A clock that is due later than this from now cannot have fired before the timer read what moved it. */
const unreadMs = 60_000;
const pastMax = 20;

/** Every line that a case has been under. */
export type LineOf = (ref: LineRef) => AuditedLine;

const lastResort: Obligation = {
  name: "last-resort",
  kind: "last-resort",
  targets: "PT1M",
  thresholds: [100],
  calendar: always,
  pausedWhile: [],
};

/** Begins to audit a case. */
export function begin(happening: EventOf<"case.opened">, line: AuditedLine): AuditedCase {
  const after = openCase(happening);
  beginClocks({ happening, before: undefined, after, line });
  return after;
}

/**
 * Takes one event of the case or hand-off topic: what was due before it is owed from now on, then clocks end, change, rest, go on
 * and begin by the rules of their kinds. `now` is the wall's present instant.
 */
export function follow(on: AuditedCase, happening: Happening, lineOf: LineOf, now: Instant): void {
  const noun = happening.topic === topics.case ? "case" : "handoff";
  const earlier = { ref: on.line, line: lineOf(on.line) };
  owe(on, earlier.line, happening.time);
  forgiveLate(on, happening);
  const isGuess = isAnyonesGuess(on, happening);
  on.read[noun] = happening.sequence;
  const { holder, status, severity } = on;
  const before = { holder, status, severity, isAsked: on.handoff?.request !== undefined };
  learn(on, happening);
  const turn = { happening, before, after: on, line: lineOf(on.line) };
  const carried = isMerged(turn) ? carriedOver(turn) : [];
  on.meters = [...on.meters.filter((meter) => goesOn(turn, meter, earlier, now)), ...carried.filter(isKept(turn))];
  beginClocks(turn);
  // What ended just before may have run under this event for the timer.
  if (isGuess) for (const { meter } of on.past) meter.unsure = true;
  for (const meter of on.meters) if (isGuess || isDoubtful(on, meter.began)) meter.unsure = true;
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
export function owe(on: AuditedCase, line: AuditedLine, until: Instant): void {
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
export function oweNext(on: AuditedCase, meter: Meter, due: Instant, line: AuditedLine): void {
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

/** The next threshold has gone by. Where a line crosses, a silence that has breached is counted anew. */
export function pass(meter: Meter, due: Instant, line: AuditedLine, incarnation: string): void {
  meter.next += 1;
  if (meter.next === meter.thresholds.length && meter.kind === "stall.idle" && !line.observes) {
    // It was to rest at the very instant of its breach: which of the two was first decides whether it is counted on.
    if (meter.from === undefined) meter.unsure = true;
    restart(meter, incarnation, due);
    meter.thresholds = obligationOf(line, meter)?.thresholds ?? meter.thresholds;
  }
}

/** Moves one clock on; false where it ends. `earlier` is the line that it had before. */
function goesOn(
  turn: Turn,
  meter: Meter,
  earlier: { readonly ref: LineRef; readonly line: AuditedLine },
  now: Instant,
): boolean {
  const rule = rules[meter.kind];
  if (rule === "unaudited") return false;
  const { happening, after, line } = turn;
  const due = nextDue(meter, hoursOf(earlier.line, meter));
  const was = { ...meter };
  const obligation = obligationOf(line, meter) ?? (lasting.includes(meter.kind) ? lastResort : undefined);
  const ends = rule.ends(turn, meter) || obligation === undefined || isCountedAnew(turn, meter, earlier.line);
  if (!ends) {
    change(turn, meter, obligation, earlier.line);
    count(counts(turn, meter, obligation, rule), meter, happening.time, line);
  }
  // Only the wall's timer can fire before it has read what lies behind: elsewhere the mark comes first.
  const mayHaveFired = due !== undefined && due < now + unreadMs && timelineKind(after.timeline) === "wall";
  const isMoved = happening.type === "case.moved"; // Another line may have other thresholds.
  if (mayHaveFired && (ends || isMoved || nextDue(meter, hoursOf(line, meter)) !== due)) {
    const noun = happening.topic === topics.case ? "case" : "handoff";
    const past = { meter: was, until: [noun, happening.sequence] as const, ...(isMoved && { line: earlier.ref }) };
    after.past = [...after.past.slice(1 - pastMax), past];
  }
  // A silence that has breached before the merge was read goes on from there, with what the other case had left.
  const breach = nextDue({ ...was, next: was.thresholds.length - 1 }, hoursOf(earlier.line, meter)) ?? Infinity;
  if (mayHaveFired && breach < now + unreadMs && isMerged(turn) && meter.kind === "stall.idle")
    after.doubts = [...after.doubts.slice(-9), { from: 0 }];
  return !ends;
}

/** Whether a clock counts after a happening: what its line makes it rest for comes on top of its kind's rule. */
function counts(turn: Turn, meter: Meter, { pausedWhile }: Obligation, rule: Rules): Instant | boolean {
  if (pausedWhile.some((pause) => isWhile(turn.after, pause))) return false;
  return rule.counts?.(turn, meter) ?? true;
}

function count(until: Instant | boolean, meter: Meter, at: Instant, line: AuditedLine): void {
  const calendar = hoursOf(line, meter);
  if (until === false) closeTap(meter, at, calendar);
  else openTap(meter, at, until === true ? undefined : until, calendar);
}

function beginClocks(turn: Turn): void {
  const { after, line } = turn;
  for (const obligation of [...line.obligations, lastResort]) {
    const rule = rules[obligation.kind];
    if (rule === "unaudited" || !wasKept(after, obligation.kind)) continue;
    if (after.meters.some(({ name }) => name === obligation.name)) continue;
    const beginning = rule.begins(turn, obligation);
    if (beginning === false || after.meters.some(({ name }) => name === beginning.name)) continue;
    after.meters.push(newMeter(turn, obligation, beginning, rule));
  }
}

function newMeter(turn: Turn, obligation: Obligation, beginning: Beginning, rule: Rules): Meter {
  const { happening, after } = turn;
  const { time } = happening;
  const { kind, targets, thresholds } = obligation;
  const noun = happening.topic === topics.case ? "case" : "handoff";
  const { target, until, incarnation = `${noun}/${happening.sequence}`, ...own } = beginning;
  const meter: Meter = {
    name: obligation.name,
    kind,
    charged: after.holder,
    ...own,
    incarnation,
    began: time,
    target: target ?? targetOf(targets, after.severity, beginning.live === true),
    thresholds,
    next: 0,
    spent: 0,
    from: time,
    to: until,
    restedAt: time,
    ...(target !== undefined && { fixed: true }),
  };
  if (counts(turn, meter, obligation, rule) !== false) return meter;
  return { ...meter, from: undefined, to: undefined };
}
