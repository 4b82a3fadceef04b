import { type EventData, type Message, parseInstant, topics } from "@crossline/contracts";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { type Clock, explain, formatStart, isBreached } from "../../src/index.ts";
import { propertyRuns } from "../property-runs.ts";
import { type Move, customersMoves, gaps, move, moves, rep, start, wholeLine } from "../whole-moves.ts";
import { WholeCase } from "../whole.ts";
import { unstaffed } from "../unstaffed.ts";

/*
 * Tests two properties over random histories each. An obligation stays owed until it is met. No act of the customer delays a clock or
 * a page. This file does not use the rules. The events that meet each obligation are repeated here from docs/obligations.md.
 */
vi.setConfig({ testTimeout: 300_000 });
const runs = { numRuns: propertyRuns };

const deps = { ...unstaffed, onDuty: (name: string) => ({ exists: true, people: [{ person: name, name }] }) };
const rostered = {
  ...wholeLine,
  lastResort: [...wholeLine.lastResort, "roster:northtel.duty", "roster:northtel.lead"],
};
const begin = (): WholeCase => new WholeCase(rostered, { needBy: "2026-03-08T09:00:00-05:00", deps }, rep, start);

const owedKinds: ReadonlySet<string> = new Set([
  "first-response",
  "next-update",
  "reply",
  "resolution",
  "need-by",
  "promise",
  "joint",
]);
const pausesWhenSolved: ReadonlySet<string> = new Set(["resolution", "need-by", "joint"]);

/** Returns whether an event meets or withdraws an obligation. */
function meets({ kind, name }: Pick<Clock, "kind" | "name">, { type, data, topic }: Message): boolean {
  const event = data as EventData<"case.contacted"> & EventData<"promise.delivered">;
  const isAnswer =
    topic === topics.case &&
    !event.actor.automated &&
    (type === "handling.started" ||
      (type === "case.contacted" && event.direction === "outbound" && event.content === "answer"));
  switch (kind) {
    case "first-response":
    case "next-update":
    case "reply":
      return isAnswer;
    case "resolution":
      return type === "case.confirmed";
    case "joint":
      return type === "joint.session-held";
    case "promise":
      return (type === "promise.delivered" || type === "promise.withdrawn") && name === `promise/${event.promiseId}`;
    case "need-by":
      return (
        type === "case.confirmed" ||
        (type === "promise.delivered" && event.kept && event.for === "need-by") ||
        type === "case.corrected"
      );
    default:
      return false;
  }
}

const moveNamed = (name: string): Move => moves.find(([its]) => its === name) ?? ["none", () => undefined];
const reopen = moveNamed("reopen");
const short = fc.array(fc.tuple(gaps, move), { maxLength: 12 });
/** Generates random moves, a resolution or closing, some further moves, and the time until a reopening. */
const ending = fc.tuple(
  short,
  fc.constantFrom(moveNamed("fix"), moveNamed("close")),
  fc.array(fc.tuple(gaps, move), { maxLength: 3 }),
  gaps,
);

test("after a reopening, every obligation that was unmet at the resolution or closing is owed again", () => {
  let reopened = 0;
  fc.assert(
    fc.property(ending, ([steps, end, meanwhile, gap]) => {
      const whole = begin();
      /** The obligations of the case when it was last unsolved, without the obligations that have been met since then. */
      let owed: readonly Clock[] = [];
      for (const [wait, [, make]] of [...steps, [0, end], ...meanwhile, [gap, reopen]] as const) {
        whole.advance(whole.now + wait);
        const wasSolved = ["resolved", "closed"].includes(whole.intake.status);
        const wasClosed = whole.intake.status === "closed";
        const before = whole.clocks.clocks;
        const messageCount = whole.messages.length;
        make(whole);
        if (!wasSolved) owed = before.filter(({ kind }) => owedKinds.has(kind));
        const published = whole.messages.slice(messageCount);
        owed = owed.filter((clock) => !published.some((message) => meets(clock, message)));
        const at = published.findIndex(({ type }) => type === "case.reopened");
        const reopening = published[at];
        if (!wasSolved || reopening === undefined) continue;
        reopened++;
        const lost = owed.filter((clock) => !isOwedAgain(whole, clock, reopening, wasClosed));
        expect(lost.map(({ name }) => name)).toEqual([]);
      }
    }),
    runs,
  );
  expect(reopened).toBeGreaterThan(runs.numRuns / 2);
});

/**
 * Returns true if a clock continues after a reopening. A clock that was paused has a new incarnation. This incarnation starts
 * at the reopening or later, and is not due before the reopening.
 */
function isOwedAgain(whole: WholeCase, { name, kind }: Clock, reopening: Message, wasClosed: boolean): boolean {
  const clock = whole.clocks.clocks.find((one) => one.name === name);
  if (clock === undefined) return false;
  const wasPaused = pausesWhenSolved.has(kind) || (wasClosed && kind !== "reply");
  if (!wasPaused) return true;
  const due = dueOf(whole, name) ?? -Infinity;
  return formatStart(clock.start) === `case/${reopening.sequence}` && due >= reopening.time;
}

/** Returns the instant at which a clock will breach, -Infinity after its breach, or undefined if the clock is paused or missing. */
function dueOf(whole: WholeCase, name: string): number | undefined {
  const clock = whole.clocks.clocks.find((one) => one.name === name);
  if (clock === undefined) return undefined;
  if (isBreached(clock)) return -Infinity;
  const explained = explain(whole.clocks, whole.line, whole.now).find(
    (one) => one.clock === name && one.state !== "ended",
  );
  const { dueAt } = explained?.thresholds.find(({ percent }) => percent === 100) ?? {};
  return dueAt === undefined ? undefined : parseInstant(dueAt);
}

type Page = EventData<"roster.paged">;
const pagesOf = ({ messages }: WholeCase, from: number): readonly Message[] =>
  messages.slice(from).filter(({ type }) => type === "roster.paged");

/** A customer's act may delay a clock if the act causes one of these events (docs/rules/clock.md). */
const allowed: ReadonlySet<string> = new Set([
  "case.confirmed",
  "case.reopened",
  "handoff.offered",
  "case.status-changed",
]);

test("an act of the customer delays no clock, and every page is still sent", () => {
  let compared = 0;
  fc.assert(
    fc.property(short, fc.constantFrom(...customersMoves), (steps, [name, act]) => {
      const whole = begin();
      for (const [gap, [, make]] of steps) {
        whole.advance(whole.now + gap);
        make(whole);
      }
      const without = whole.fork();
      const messageCount = whole.messages.length;
      if (act(whole) !== undefined) return;
      const published = whole.messages.slice(messageCount);
      const isException = published.some(({ type }) => allowed.has(type));
      for (const { name: clock, kind } of without.clocks.clocks) {
        const was = dueOf(without, clock);
        // An inquiry may end the clock `confirmation`, whose breach would close the case automatically.
        if (was === undefined || isException || kind === "confirmation") continue;
        const is = dueOf(whole, clock);
        expect(is === undefined ? Infinity : is, `${name} puts off ${clock}`).toBeLessThanOrEqual(was);
      }
      if (isException) return;
      compared++;
      for (const one of [whole, without]) one.advance(one.now + 6 * 3_600_000);
      const sent = pagesOf(whole, messageCount).map(({ time, data }) => ({ time, reason: (data as Page).reason }));
      for (const { time, data } of pagesOf(without, messageCount)) {
        const { reason } = data as Page;
        expect(sent.some((page) => page.reason === reason && page.time <= time)).toBe(true);
      }
    }),
    runs,
  );
  expect(compared).toBeGreaterThan(runs.numRuns / 4);
});
