import { firingIdOf } from "@crossline/auditor/audit";
import { type ClockEvent, type FiringEvent, formatInstant, isFiring, parseInstant } from "@crossline/contracts";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { audit, auditInTime } from "./audit/audit.ts";
import { type History, type Step, caseId, histories } from "./audit/histories.ts";
import { play } from "./audit/play.ts";

/**
 * Two implementations that share no rule are compared: what `packages/domain` fires on a random history must be just what the
 * auditor expects, and whatever is changed in what it fired must be found. Every run draws other histories; `AUDIT_HISTORIES` says
 * how many.
 */
const numRuns = Number(process.env["AUDIT_HISTORIES"] ?? 2_000);
// Half of a busy machine must do: these are tests of rules, not of speed.
vi.setConfig({ testTimeout: 60_000 + numRuns * 20 });
/** The most of all firings of which the auditor may say nothing. */
const unsureShareMax = 0.001;

const withSteps = (history: History, change: (step: Step, index: number) => Partial<Step>): History => ({
  ...history,
  steps: history.steps.map((step, index) => ({ ...step, ...change(step, index) })),
});

test("the auditor agrees with the platform on every history", () => {
  let [firings, unsures] = [0, 0];
  fc.assert(
    fc.property(histories, (history) => {
      const played = play(history);
      const { findings, missed, audited, unsure } = audit(played);
      expect({ findings, missed }).toEqual({ findings: [], missed: [] });
      firings += played.clockEvents.filter(isFiring).length;
      unsures += unsure;
      expect(audited + unsure).toBeGreaterThanOrEqual(played.clockEvents.filter(isFiring).length);
    }),
    { numRuns },
  );
  expect(unsures / firings).toBeLessThanOrEqual(unsureShareMax);
});

test("also where most records of the two topics did not know of each other, and the timer was away", () => {
  fc.assert(
    fc.property(histories, (drawn) => {
      const history = withSteps(drawn, ({ gap, unknown }, index) => ({
        gap: index % 2 === 0 ? gap % 2_000 : gap,
        unknown: unknown + 2,
      }));
      const { findings, missed } = audit(play({ ...history, opening: { ...history.opening, timeline: "wall" } }));
      expect({ findings, missed }).toEqual({ findings: [], missed: [] });
    }),
    { numRuns: numRuns / 2 },
  );
});

test("where every record knew of all before it nothing is unsure", () => {
  fc.assert(
    fc.property(histories, (history) => {
      expect(audit(play(withSteps(history, () => ({ unknown: 0 })))).unsure).toBe(0);
    }),
    { numRuns: numRuns / 2 },
  );
});

test("what the timer fires in time is missed at no moment before", () => {
  fc.assert(
    fc.property(histories, (drawn) => {
      const played = play(withSteps(drawn, () => ({ delay: 0, wakes: true, timerSwaps: false })));
      const { findings, missed } = auditInTime(played);
      expect({ findings, missed }).toEqual({ findings: [], missed: [] });
    }),
    { numRuns: numRuns / 2 },
  );
});

/** Changes one firing of a history, chosen by `pick`, and says what the auditor must find. */
type Fault = readonly [
  name: string,
  finds: string,
  change: (events: readonly ClockEvent[], at: number) => ClockEvent[],
];

const renumber = (events: readonly ClockEvent[]): ClockEvent[] =>
  events.map((event, index) => ({ ...event, sequence: index + 1 }));
const alter = (
  events: readonly ClockEvent[],
  at: number,
  data: (firing: FiringEvent) => Partial<FiringEvent["data"]>,
): ClockEvent[] =>
  events.map((event, index) =>
    index === at ? ({ ...event, data: { ...event.data, ...data(event as FiringEvent) } } as ClockEvent) : event,
  );
type OrderData = { readonly order?: "cut" | readonly number[] };
/** Other runs of what the timer had applied before it events this. */
const reorder = (
  events: readonly ClockEvent[],
  at: number,
  change: (order: readonly number[]) => number[],
): ClockEvent[] =>
  alter(events, at, ({ data }) => {
    const { order } = data as OrderData;
    return { order: Array.isArray(order) ? change(order) : [1] };
  });
const shift = (instant: string, ms: number): string => formatInstant(parseInstant(instant) + ms);

const faults: readonly Fault[] = [
  ["a firing whose record was lost", "missed", (events, at) => events.toSpliced(at, 1)],
  ["a record that was lost", "gap", (events, at) => events.toSpliced(at, 1)],
  [
    "a firing under two sequences",
    "doubled",
    (events, at) => renumber(events.toSpliced(at + 1, 0, events[at] as ClockEvent)),
  ],
  [
    "a due instant that is another",
    "unfounded",
    (events, at) => alter(events, at, ({ data }) => ({ dueAt: shift(data.dueAt, 1), firedAt: shift(data.firedAt, 1) })),
  ],
  [
    "a firing before it was due",
    "unfounded",
    (events, at) => alter(events, at, ({ data }) => ({ firedAt: shift(data.dueAt, -1) })),
  ],
  ["an identity that is another", "unfounded", (events, at) => alter(events, at, () => ({ firingId: "fir_x" }))],
  [
    "a firing of a clock that nothing started",
    "unfounded",
    (events, at) =>
      alter(events, at, ({ data }) => ({
        incarnation: "case/9999",
        firingId: firingIdOf(caseId, { ...data, incarnation: "case/9999" }),
      })),
  ],
  [
    "an order of one record more",
    "unfounded",
    (events, at) => reorder(events, at, ([first = 0, ...rest]) => [first + 1, ...rest]),
  ],
  [
    "an order of one record less",
    "unfounded",
    (events, at) => reorder(events, at, (order) => (order.length < 2 ? [0, 1] : order.slice(0, -1))),
  ],
];

describe("whatever is changed in what was fired is found", () => {
  test.each(faults)("%s", (_, finds, change) => {
    let tried = 0;
    fc.assert(
      fc.property(histories, fc.nat(), ({ steps: all, ...history }, pick) => {
        const played = play({ ...history, steps: all.map((step) => ({ ...step, delay: 0, unknown: 0 })) });
        const candidates = played.clockEvents.flatMap((event, index) => (isFiring(event) ? [index] : []));
        const last = candidates.at(-1);
        // The last record of a key can be lost without a gap: nothing comes behind it.
        const usable = finds === "gap" ? candidates.filter((index) => index !== last) : candidates;
        const at = usable[pick % Math.max(1, usable.length)];
        fc.pre(at !== undefined);
        const { findings, missed, unsure } = audit(played, change(played.clockEvents, at));
        // On the wall nobody knows between which records a firing was events whose fact is missing.
        fc.pre(unsure === 0);
        tried += 1;
        expect([...findings.map(({ kind }) => kind), ...missed.map(() => "missed")]).toContain(finds);
      }),
      { numRuns: 200 },
    );
    expect(tried).toBeGreaterThanOrEqual(200);
  });
});
