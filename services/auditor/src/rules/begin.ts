import { topics } from "@crossline/contracts";
import { always } from "./calendar.ts";
import { counts } from "./counting.ts";
import type { Turn } from "./turn.ts";
import type { Beginning, Rules } from "./kind.ts";
import { rules } from "./kinds.ts";
import type { Meter } from "./meter.ts";
import { type Obligation, targetOf } from "./obligation.ts";

/** Every case has it, whatever its line says. */
export const lastResort: Obligation = {
  name: "last-resort",
  kind: "last-resort",
  targets: "PT1M",
  thresholds: [100],
  calendar: always,
  pausedWhile: [],
};

/** Begins the clocks that a happening begins, each while none of its name runs. */
export function beginClocks(turn: Turn): void {
  const { after, line } = turn;
  for (const obligation of [...line.obligations, lastResort]) {
    const rule = rules[obligation.kind];
    if (rule === "unaudited" || after.meters.some(({ name }) => name === obligation.name)) continue;
    const beginning = rule.begins(turn, obligation);
    if (beginning === false || after.meters.some(({ name }) => name === beginning.name)) continue;
    after.meters.push(newMeter(turn, obligation, beginning, rule));
  }
}

/** The record that begins a clock gives it its name. */
export function incarnationOf({ topic, sequence }: Turn["happening"]): string {
  return `${topic === topics.case ? "case" : "handoff"}/${sequence}`;
}

function newMeter(turn: Turn, obligation: Obligation, beginning: Beginning, rule: Rules): Meter {
  const { happening, after } = turn;
  const { time } = happening;
  const { name, kind, targets, thresholds } = obligation;
  const { target, until, incarnation = incarnationOf(happening), ...own } = beginning;
  const meter: Meter = {
    name,
    kind,
    charged: after.holder,
    ...own,
    incarnation,
    began: time,
    target: target ?? targetOf(targets, after.severity, beginning.live === true),
    thresholds,
    next: 0,
    spent: 0,
    counted: [],
    from: time,
    to: until,
    restedAt: time,
    ...(target !== undefined && { fixed: true }),
  };
  if (counts(turn, meter, obligation, rule) !== false) return meter;
  return { ...meter, from: undefined, to: undefined };
}
