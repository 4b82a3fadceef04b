import { topics } from "@crossline/contracts";
import { always } from "./calendar.ts";
import { counts } from "./counting.ts";
import type { CaseChange } from "./case-change.ts";
import type { StartTerms, KindRules } from "./kind-rules.ts";
import { rulesByKind } from "./kinds.ts";
import type { AuditedClock } from "./audited-clock.ts";
import { type Obligation, targetOf } from "./obligation.ts";

/** The obligation that the clock `last-resort` has under every line. */
export const lastResort: Obligation = {
  name: "last-resort",
  kind: "last-resort",
  targets: "PT1M",
  thresholds: [100],
  calendar: always,
  pausedWhile: [],
};

/** Starts the clocks that begin with this event. A clock starts only if no clock with the same name is open. */
export function startClocks(change: CaseChange): void {
  const { after, line } = change;
  for (const obligation of [...line.obligations, lastResort]) {
    const rule = rulesByKind[obligation.kind];
    if (rule === "unaudited" || after.meters.some(({ name }) => name === obligation.name)) continue;
    const start = rule.starts(change, obligation);
    if (start === false || after.meters.some(({ name }) => name === start.name)) continue;
    after.meters.push(createClock(change, obligation, start, rule));
  }
}

/** Returns the incarnation of a clock that starts with this record. */
export function incarnationOf({ topic, sequence }: CaseChange["event"]): string {
  return `${topic === topics.case ? "case" : "handoff"}/${sequence}`;
}

function createClock(change: CaseChange, obligation: Obligation, start: StartTerms, rule: KindRules): AuditedClock {
  const { event, after } = change;
  const { time } = event;
  const { name, kind, targets, thresholds } = obligation;
  const { target, until, incarnation = incarnationOf(event), ...own } = start;
  const clock: AuditedClock = {
    name,
    kind,
    charged: after.holder,
    ...own,
    incarnation,
    began: time,
    target: target ?? targetOf(targets, after.severity, start.live === true),
    thresholds,
    next: 0,
    spent: 0,
    counted: [],
    from: time,
    to: until,
    restedAt: time,
    ...(target !== undefined && { fixed: true }),
  };
  if (counts(change, clock, obligation, rule) !== false) return clock;
  return { ...clock, from: undefined, to: undefined };
}
