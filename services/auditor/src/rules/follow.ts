import { type EventOf, type Instant, timelineKind, topics } from "@crossline/contracts";
import { type AuditedCase, openCase } from "./audited-case.ts";
import { learn } from "./facts.ts";
import { type Beginning, type Happening, type Turn, rules } from "./kinds.ts";
import { type AuditedLine, type Obligation, targetOf } from "./line.ts";
import { forgiveLate, isAnyonesGuess, isDoubtful } from "./order.ts";
import { type Meter, closeTap, nextDue, openTap, restart, unnumbered } from "./meter.ts";

/** A clock that is due later than this from now cannot have fired before the timer read what moved it. */
const unreadMs = 60_000;
const pastMax = 20;

const lastResort: Obligation = { name: "last-resort", kind: "last-resort", targets: "PT1M", thresholds: [100] };

/** Begins to audit a case. */
export function begin(happening: EventOf<"case.opened">, line: AuditedLine): AuditedCase {
  const after = openCase(happening);
  beginClocks({ happening, before: undefined, after }, line);
  return after;
}

/**
 * Takes one event of the case or hand-off topic: what was due before it is owed from now on, then clocks end, rest, go on
 * and begin by the rules of their kinds. `now` is the wall's present instant.
 */
export function follow(on: AuditedCase, happening: Happening, line: AuditedLine, now: Instant): void {
  const noun = happening.topic === topics.case ? "case" : "handoff";
  owe(on, line, happening.time);
  forgiveLate(on, happening);
  const isGuess = isAnyonesGuess(on, happening);
  on.read[noun] = happening.sequence;
  const before = { holder: on.holder, status: on.status };
  learn(on, happening);
  const turn = { happening, before, after: on };
  on.meters = on.meters.filter((meter) => goesOn(turn, meter, line, noun, now));
  beginClocks(turn, line);
  for (const meter of on.meters) if (isGuess || isDoubtful(on, meter.began)) meter.unsure = true;
}

/** What was due before `until` is owed from now on. */
export function owe(on: AuditedCase, line: AuditedLine, until: Instant): void {
  for (const meter of on.meters) {
    for (
      let due = nextDue(meter, line.calendar);
      due !== undefined && due < until;
      due = nextDue(meter, line.calendar)
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
  }
}

/** Moves one clock on; false where it ends. */
function goesOn(turn: Turn, meter: Meter, line: AuditedLine, noun: "case" | "handoff", now: Instant): boolean {
  const rule = rules[meter.kind];
  if (rule === "unaudited") return false;
  const { happening, after } = turn;
  const due = nextDue(meter, line.calendar);
  const was = { ...meter };
  const ends = rule.ends(turn, meter);
  if (!ends) count(rule.counts?.(turn, meter), meter, happening.time, line);
  // Only the wall's timer can fire before it has read what lies behind: elsewhere the mark comes first.
  const mayHaveFired = due !== undefined && due < now + unreadMs && timelineKind(after.timeline) === "wall";
  if (mayHaveFired && (ends || nextDue(meter, line.calendar) !== due)) {
    after.past = [...after.past.slice(1 - pastMax), { meter: was, until: [noun, happening.sequence] }];
  }
  return !ends;
}

function count(counts: Instant | boolean | undefined, meter: Meter, at: Instant, { calendar }: AuditedLine): void {
  if (counts === undefined) return;
  if (counts === false) closeTap(meter, at, calendar);
  else openTap(meter, at, counts === true ? undefined : counts, calendar);
}

function beginClocks(turn: Turn, line: AuditedLine): void {
  const { meters } = turn.after;
  for (const obligation of [...line.obligations, lastResort]) {
    const rule = rules[obligation.kind];
    if (rule === "unaudited" || meters.some(({ name }) => name === obligation.name)) continue;
    const beginning = rule.begins(turn);
    if (beginning !== false) meters.push(newMeter(turn, obligation, beginning));
  }
}

function newMeter({ happening, after }: Turn, obligation: Obligation, beginning: Beginning): Meter {
  const { name, kind, targets, thresholds } = obligation;
  const noun = happening.topic === topics.case ? "case" : "handoff";
  const {
    incarnation = `${noun}/${happening.sequence}`,
    charged = after.holder,
    target = targetOf(targets, after.severity, beginning.isLive === true),
    until: to,
  } = beginning;
  const { time } = happening;
  return {
    name,
    kind,
    incarnation,
    charged,
    began: time,
    target,
    thresholds,
    next: 0,
    spent: 0,
    from: time,
    to,
    restedAt: time,
  };
}
