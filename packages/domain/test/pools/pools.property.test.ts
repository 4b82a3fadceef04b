import { type Message, type EventOf, isFiring, parseInstant, topics } from "@crossline/contracts";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { type CaseClocks, type ClockInput, decide, elapse } from "../../src/index.ts";
import { propertyRuns } from "../property-runs.ts";
import { gaps, moves, poolLine, rep, start, story, wholeLine } from "../whole-moves.ts";
import { WholeCase } from "../whole.ts";
import { pocketDevice, staffed } from "./moves.ts";

vi.setConfig({ testTimeout: 300_000 });
const opening = { deps: staffed, device: pocketDevice };
const isOfPool = ({ type }: Message): boolean => type.startsWith("pool.");

/** Replays the timer's rules over the events of a history, and returns the deadline of each fired breach by its clock. */
function replay(messages: readonly Message[], until: number): { state: CaseClocks; fired: Map<string, number[]> } {
  let state: CaseClocks | undefined;
  const fired = new Map<string, number[]>();
  const keep = (decided: readonly Message[]): void => {
    for (const message of decided as EventOf<"clock.warned">[]) {
      if (!isFiring(message) || message.data.kind === "vendor.acceptance") continue;
      fired.set(message.data.clock, [...(fired.get(message.data.clock) ?? []), parseInstant(message.data.dueAt)]);
    }
  };
  for (const event of messages) {
    if (event.topic !== topics.case && event.topic !== topics.handoff) continue;
    const decided = decide(state, event as ClockInput, poolLine, 0);
    state = decided.state;
    keep(decided.messages);
  }
  if (state === undefined) throw new Error("the history is empty");
  const elapsed = elapse(state, poolLine, until, 0);
  keep(elapsed.messages);
  return { state: elapsed.state, fired };
}

test("without the events of pools, no clock of the same history fires earlier or more often", () => {
  let histories = 0;
  fc.assert(
    fc.property(story, (steps) => {
      const whole = new WholeCase(poolLine, opening, rep, start);
      for (const [gap, [, make]] of steps) {
        whole.advance(whole.now + gap);
        make(whole);
      }
      if (whole.messages.some(isOfPool)) histories++;
      const withPool = replay(whole.messages, whole.now);
      const without = replay(
        whole.messages.filter((message) => !isOfPool(message)),
        whole.now,
      );
      for (const [clock, instants] of without.fired) {
        const own = withPool.fired.get(clock) ?? [];
        expect(own.length).toBeGreaterThanOrEqual(instants.length);
        for (const [index, due] of instants.entries()) expect(own[index]).toBeLessThanOrEqual(due);
      }
      const names = new Set(withPool.state.clocks.map(({ name }) => name));
      for (const { name } of without.state.clocks.filter(({ kind }) => kind !== "vendor.acceptance"))
        expect(names).toContain(name);
    }),
    { numRuns: propertyRuns / 2 },
  );
  expect(histories).toBeGreaterThan(propertyRuns / 10);
});

/** The moves that neither end the case nor depend on a hand-off. */
const harmless = /call|hang|beat|fact|note|mail|contact|raise|lower|cross$|wait|resume|assignment|specialist|status by/;
const escalation = fc.array(fc.tuple(gaps, fc.constantFrom(...moves.filter(([name]) => harmless.test(name)))), {
  minLength: 3,
  maxLength: 25,
});
const offeredAt = (whole: WholeCase): number | undefined =>
  whole.messages.find(({ type }) => type === "handoff.offered")?.time;

test("an assignment that the trigger opened delays no crossing: without trigger and pool, the case crosses no earlier", () => {
  let compared = 0;
  fc.assert(
    fc.property(escalation, (steps) => {
      const plain = new WholeCase(wholeLine, opening, rep, start);
      const pooled = new WholeCase(poolLine, opening, rep, start);
      for (const [gap, [, make]] of [...steps, [10_800_000, ["wait", () => undefined]] as const]) {
        for (const whole of [plain, pooled]) {
          whole.advance(whole.now + gap);
          make(whole);
        }
      }
      const crossed = offeredAt(plain);
      const opened = pooled.messages.find(({ type }) => type === "pool.assigned");
      const isByTrigger = (opened?.data as { reason?: string } | undefined)?.reason === "trigger";
      if (crossed === undefined || !isByTrigger || (opened?.time ?? Infinity) >= crossed) return;
      compared++;
      expect(offeredAt(pooled)).toBeLessThanOrEqual(crossed);
    }),
    { numRuns: propertyRuns },
  );
  expect(compared).toBeGreaterThan(propertyRuns / 20);
});
