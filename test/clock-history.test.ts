import { type ClockEvent, type FiringEvent, isFiring } from "@crossline/contracts";
import {
  type BoardCase,
  type ClockFact,
  clockHistory,
  nextBoardCase,
  nextBreach,
  replayClocks,
} from "@crossline/domain";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { type History, histories } from "./audit/histories.ts";
import { lineOf } from "./audit/lines.ts";
import { type PlayedHistory, play, readBy } from "./audit/play.ts";

/**
 * The console recomputes clocks from the journal. On random histories, the result must equal the events of the timer.
 * `CLOCK_HISTORIES` sets the number of histories.
 */
const numRuns = Number(process.env["CLOCK_HISTORIES"] ?? 100);
vi.setConfig({ testTimeout: 60_000 + numRuns * 60 });

const ids = (events: readonly ClockEvent[]) => events.filter(isFiring).map(({ data }: FiringEvent) => data.firingId);

/** The records in another order than the timer applied them, with each clock event after the records that its causes name. */
function factsOf(played: PlayedHistory, isLate: (index: number) => boolean): ClockFact[] {
  const records = readBy(played.published, ({ auditorSwaps }) => auditorSwaps).map(({ event }) => event);
  const waiting = [...played.clockEvents];
  const read: Record<string, number> = {};
  const facts: ClockFact[] = [];
  for (const [index, record] of records.entries()) {
    facts.push(record);
    read[record.topic] = record.sequence;
    const isReady = ({ after = [] }: ClockEvent) =>
      after.every(({ topic, sequence }) => (read[topic] ?? 0) >= sequence);
    if (isLate(index)) continue;
    for (let next = waiting[0]; next !== undefined && isReady(next); next = waiting[0])
      facts.push(waiting.shift() as ClockEvent);
  }
  return [...facts, ...waiting];
}

/** The drawn events have the fields that clocks need. A board also needs these fields of every event. */
const complete = (fact: ClockFact): ClockFact => {
  const data = { leaseUntil: "2026-03-07T14:00:00Z", next: "PT10M", call: 1, ...fact.data };
  return { ...fact, data } as unknown as ClockFact;
};

const isLate = (history: History) => (index: number) =>
  (history.steps[index % Math.max(1, history.steps.length)]?.clocksFirst ?? 0) % 2 === 1;

test("the recomputed firings equal the published firings", () => {
  let firings = 0;
  fc.assert(
    fc.property(histories, (drawn) => {
      const played = play(drawn);
      const recomputed = clockHistory(factsOf(played, isLate(drawn)), lineOfRef, played.until);
      expect(ids(recomputed?.firings ?? [])).toEqual(ids(played.clockEvents));
      firings += ids(played.clockEvents).length;
    }),
    { numRuns, endOnFailure: true },
  );
  expect(firings).toBeGreaterThan(numRuns);
});

test("the clocks of a board row equal the recomputed clocks, in whatever order the console reads the topics", () => {
  fc.assert(
    fc.property(histories, (drawn) => {
      const played = play(drawn);
      const facts = factsOf(played, isLate(drawn)).map(complete);
      const expected = replayClocks(facts, lineOfRef);
      let state: BoardCase | undefined;
      for (const [index, fact] of facts.entries()) {
        const decision = nextBoardCase(state, fact, lineOfRef);
        state = decision?.state ?? state;
        const clocks = decision?.isReordered === true ? replayClocks(facts.slice(0, index + 1), lineOfRef) : undefined;
        if (state !== undefined && clocks !== undefined) state = { ...state, clocks };
      }
      const line = state === undefined ? undefined : lineOfRef(state.line);
      const dueOf = (clocks: BoardCase["clocks"] | undefined) => clocks && line && nextBreach(clocks, line)?.at;
      expect(dueOf(state?.clocks)).toEqual(dueOf(expected));
      expect(state?.clocks.clocks.map(({ name, start }) => ({ name, start }))).toEqual(
        expected?.clocks.map(({ name, start }) => ({ name, start })),
      );
    }),
    { numRuns: numRuns / 2, endOnFailure: true },
  );
});

test("the clocks of an earlier instant do not know later records", () => {
  fc.assert(
    fc.property(histories, fc.double({ min: 0, max: 1, noNaN: true }), (drawn, share) => {
      const played = play(drawn);
      const first = played.published[0]?.event.time ?? 0;
      const at = Math.floor(first + (played.until - first) * share);
      const facts = factsOf(played, () => false);
      const then = clockHistory(facts, lineOfRef, at);
      expect(then).toEqual(
        clockHistory(
          facts.filter(({ time }) => time <= at),
          lineOfRef,
          at,
        ),
      );
      for (const { startedAt } of then?.lives ?? []) expect(Date.parse(startedAt)).toBeLessThanOrEqual(at);
    }),
    { numRuns: numRuns / 5 },
  );
});

function lineOfRef(ref: Parameters<typeof lineOf>[0]) {
  return lineOf(ref);
}
