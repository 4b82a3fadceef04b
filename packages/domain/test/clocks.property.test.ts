import fc from "fast-check";
import { type EventType, isFiring } from "@crossline/contracts";
import { expect, test } from "vitest";
import { builtinLine, earliestDue, isEnded, needsClock } from "../src/index.ts";
import { DrivenCase, at } from "./given.ts";

type Happening = readonly [type: EventType, data: Record<string, unknown>];

const northtel = { party: "northtel", automated: false };
const orchard = { party: "orchard", automated: false };
const happenings: readonly Happening[] = [
  ["handling.started", { handlingId: "a", channel: "phone", actor: northtel }],
  ["handling.continued", { handlingId: "a", channel: "phone", actor: northtel }],
  ["handling.ended", { handlingId: "a", channel: "phone", actor: northtel }],
  ["handling.started", { handlingId: "b", channel: "chat", actor: orchard }],
  ["entry.added", { kind: "fact", by: "party", news: true, actor: northtel }],
  ["entry.added", { kind: "note", by: "party", news: true, actor: orchard }],
  ["case.contacted", { channel: "mail", direction: "outbound", content: "answer", actor: northtel }],
  ["case.status-changed", { from: "acknowledged", to: "pending", actor: northtel }],
  ["case.status-changed", { from: "pending", to: "inProgress", actor: northtel }],
  ["case.resolved", { from: "inProgress", actor: northtel }],
  ["case.reopened", { from: "resolved", reason: "still broken", actor: northtel }],
  ["case.closed", { from: "resolved", reason: "by-carrier", actor: northtel }],
  ["crossing.requested", { asOf: 1, actor: northtel }],
  ["handoff.offered", { vendor: "orchard", acceptWithin: "PT90S", actor: northtel }],
  ["handoff.accepted", { vendor: "orchard", actor: orchard }],
  ["handoff.withdrawn", { vendor: "orchard", reason: "overtaken", actor: northtel }],
  ["handoff.resolved", { vendor: "orchard", fixCode: "x", actor: orchard }],
  ["last-resort.called", { call: 1, next: "PT1M", addresses: [], actor: northtel }],
  ["handoff.taken", { actor: northtel }],
];
const story = fc.array(fc.tuple(fc.integer({ min: 0, max: 3_600_000 }), fc.nat({ max: happenings.length - 1 })), {
  maxLength: 40,
});

/** Plays a story; before each event the process may have woken once or not: it must make no difference. */
function play(steps: readonly (readonly [number, number])[], wakes: (index: number) => boolean): DrivenCase {
  const driven = new DrivenCase(builtinLine).open();
  let time = at("09:00");
  let handoffId = "ho_none";
  for (const [index, [gap, which]] of steps.entries()) {
    if (wakes(index))
      driven.until(
        `+0 ${Temporal.Instant.fromEpochMilliseconds(time + Math.floor(gap / 2))
          .toZonedDateTimeISO("-05:00")
          .toPlainTime()
          .toString()}`,
      );
    time += gap;
    const [type, data] = happenings[which] as Happening;
    if (type === "handoff.offered") handoffId = `ho_${index}`;
    driven.event(time, type, type.startsWith("handoff.") ? { ...data, handoffId } : data);
  }
  return driven;
}

test("what fires depends on the history alone, not on when a process woke", () => {
  const within = story.filter((steps) => steps.reduce((sum, [gap]) => sum + gap, 0) < 14 * 3_600_000);
  fc.assert(
    fc.property(within, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (steps, wakes) => {
      const asleep = play(steps, () => false);
      const awake = play(steps, (index) => wakes[index] === true);
      expect(awake.fired).toEqual(asleep.fired);
      expect(awake.state).toEqual(asleep.state);
    }),
    { numRuns: 300 },
  );
});

test("every firing has an identity of its own, and sequences count up by one", () => {
  fc.assert(
    fc.property(story, (steps) => {
      const { messages } = play(steps, () => false);
      const ids = messages.flatMap((message) => (isFiring(message) ? [message.data.firingId] : []));
      expect(new Set(ids).size).toBe(ids.length);
      expect(messages.map(({ sequence }) => sequence)).toEqual(messages.map((_, index) => index + 1));
    }),
    { numRuns: 300 },
  );
});

test("an open case under a line that crosses always has a clock that will fire", () => {
  fc.assert(
    fc.property(story, (steps) => {
      const { state } = play(steps, () => false);
      if (state === undefined || isEnded(state.status)) return;
      expect(!needsClock(state, builtinLine) || earliestDue(state, builtinLine) !== undefined).toBe(true);
      expect(state.clocks.length).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});

test("firings come in the order in which they were due", () => {
  fc.assert(
    fc.property(story, (steps) => {
      const due = play(steps, () => false).messages.map(({ time }) => time);
      expect(due).toEqual(due.toSorted((a, b) => a - b));
    }),
    { numRuns: 300 },
  );
});
