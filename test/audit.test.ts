import { firingIdOf } from "@crossline/auditor/audit";
import { type ClockEvent, type FiringEvent, formatInstant, isFiring, parseInstant } from "@crossline/contracts";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { audit, auditInTime } from "./audit/audit.ts";
import { type History, type Step, caseId, histories } from "./audit/histories.ts";
import { play } from "./audit/play.ts";

/**
 * `packages/domain` and the auditor share no rule, so the test compares their results. On a random history, `packages/domain` must
 * give exactly the firings that the auditor expects. The auditor must report every change to these firings. `AUDIT_HISTORIES` sets the
 * number of histories.
 */
const numRuns = Number(process.env["AUDIT_HISTORIES"] ?? 600);
// The time limit is long, because these tests check rules, not speed, and a busy machine is slow.
vi.setConfig({ testTimeout: 60_000 + numRuns * 20 });
/** The largest share of firings that the auditor may count as unsure. */
const unsureShareMax = 0.001;

const withSteps = (history: History, change: (step: Step, index: number) => Partial<Step>): History => ({
  ...history,
  steps: history.steps.map((step, index) => ({ ...step, ...change(step, index) })),
});

test("the auditor agrees with the timer on every history", () => {
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

test("the auditor agrees with a timer that was down, even if most records do not name the latest records of the other topic as causes", () => {
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

test("the auditor is never unsure if every record names all earlier records as causes", () => {
  fc.assert(
    fc.property(histories, (history) => {
      expect(audit(play(withSteps(history, () => ({ unknown: 0 })))).unsure).toBe(0);
    }),
    { numRuns: numRuns / 2 },
  );
});

test("the auditor never reports a firing as missed before its deadline", () => {
  fc.assert(
    fc.property(histories, (drawn) => {
      const played = play(withSteps(drawn, () => ({ delay: 0, wakes: true, timerSwaps: false })));
      const { findings, missed } = auditInTime(played);
      expect({ findings, missed }).toEqual({ findings: [], missed: [] });
    }),
    { numRuns: numRuns / 2 },
  );
});

/** A change to the clock event at an index, and the finding that the auditor must report. */
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
/** Changes the list `order` in the data of a firing. */
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
  ["a lost firing", "missed", (events, at) => events.toSpliced(at, 1)],
  ["a lost record", "gap", (events, at) => events.toSpliced(at, 1)],
  [
    "a firing under two sequences",
    "doubled",
    (events, at) => renumber(events.toSpliced(at + 1, 0, events[at] as ClockEvent)),
  ],
  [
    "a wrong due instant",
    "unfounded",
    (events, at) => alter(events, at, ({ data }) => ({ dueAt: shift(data.dueAt, 1), firedAt: shift(data.firedAt, 1) })),
  ],
  [
    "a firing before its due instant",
    "unfounded",
    (events, at) => alter(events, at, ({ data }) => ({ firedAt: shift(data.dueAt, -1) })),
  ],
  ["a wrong firing id", "unfounded", (events, at) => alter(events, at, () => ({ firingId: "fir_x" }))],
  [
    "a firing of a clock that never started",
    "unfounded",
    (events, at) =>
      alter(events, at, ({ data }) => ({
        incarnation: "case/9999",
        firingId: firingIdOf(caseId, { ...data, incarnation: "case/9999" }),
      })),
  ],
  [
    "an order that contains one record too many",
    "unfounded",
    (events, at) => reorder(events, at, ([first = 0, ...rest]) => [first + 1, ...rest]),
  ],
  [
    "an order that contains one record too few",
    "unfounded",
    (events, at) => reorder(events, at, (order) => (order.length < 2 ? [0, 1] : order.slice(0, -1))),
  ],
];

describe("the auditor finds every change to the firings", () => {
  test.each(faults)("%s", (_, finds, change) => {
    let tried = 0;
    fc.assert(
      fc.property(histories, fc.nat(), ({ steps: all, ...history }, pick) => {
        const played = play({ ...history, steps: all.map((step) => ({ ...step, delay: 0, unknown: 0 })) });
        const candidates = played.clockEvents.flatMap((event, index) => (isFiring(event) ? [index] : []));
        const last = candidates.at(-1);
        // The loss of the last record of a key causes no gap, because no record follows.
        const usable = finds === "gap" ? candidates.filter((index) => index !== last) : candidates;
        const at = usable[pick % Math.max(1, usable.length)];
        fc.pre(at !== undefined);
        const { findings, missed, unsure } = audit(played, change(played.clockEvents, at));
        // On the wall timeline the auditor does not know between which records a lost firing happened, so it may be unsure.
        fc.pre(unsure === 0);
        tried += 1;
        expect([...findings.map(({ kind }) => kind), ...missed.map(() => "missed")]).toContain(finds);
      }),
      { numRuns: 200 },
    );
    expect(tried).toBeGreaterThanOrEqual(200);
  });
});
