import { type EventData, type Message, parseInstant, topics } from "@crossline/contracts";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { type Clock, explain, formatStart, isBreached } from "../../src/index.ts";
import { type Move, customersMoves, gaps, move, moves, rep, start, wholeLine } from "../whole-moves.ts";
import { WholeCase } from "../whole.ts";
import { unstaffed } from "../unstaffed.ts";

/*
 * Two sentences that the rules stand on, over 4,000 random histories each: what is owed stays owed, and the customer's own acts
 * make no case quieter. What ends an obligation is written here from the words of docs/obligations.md, not taken from the rules.
 */
vi.setConfig({ testTimeout: 300_000 });
const runs = { numRuns: 4_000 };

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
const restsWhenSolved: ReadonlySet<string> = new Set(["resolution", "need-by", "joint"]);

/** Whether a fact meets an obligation, or takes it back. */
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
/** Some story, its end, what happens meanwhile, and a reopening. */
const ending = fc.tuple(
  short,
  fc.constantFrom(moveNamed("cure"), moveNamed("close")),
  fc.array(fc.tuple(gaps, move), { maxLength: 3 }),
  gaps,
);

test("what was owed before the case was solved or closed, and was not met, is owed again after a reopening", () => {
  let reopened = 0;
  fc.assert(
    fc.property(ending, ([steps, end, meanwhile, gap]) => {
      const whole = begin();
      /** What was owed when the case was last unsolved, and not met since. */
      let owed: readonly Clock[] = [];
      for (const [wait, [, make]] of [...steps, [0, end], ...meanwhile, [gap, reopen]] as const) {
        whole.advance(whole.now + wait);
        const wasSolved = ["resolved", "closed"].includes(whole.intake.status);
        const wasClosed = whole.intake.status === "closed";
        const before = whole.clocks.clocks;
        const messageCount = whole.messages.length;
        make(whole);
        if (!wasSolved) owed = before.filter(({ kind }) => owedKinds.has(kind));
        const news = whole.messages.slice(messageCount);
        owed = owed.filter((clock) => !news.some((message) => meets(clock, message)));
        const at = news.findIndex(({ type }) => type === "case.reopened");
        const reopening = news[at];
        if (!wasSolved || reopening === undefined) continue;
        reopened++;
        const lost = owed.filter((clock) => !isOwedAgain(whole, clock, reopening, wasClosed));
        expect(lost.map(({ name }) => name)).toEqual([]);
      }
    }),
    runs,
  );
  expect(reopened).toBeGreaterThan(2_000);
});

/** It runs on where it did not rest; else it is a new incarnation, named after the reopening and due no earlier. */
function isOwedAgain(whole: WholeCase, { name, kind }: Clock, reopening: Message, wasClosed: boolean): boolean {
  const clock = whole.clocks.clocks.find((one) => one.name === name);
  if (clock === undefined) return false;
  const rested = restsWhenSolved.has(kind) || (wasClosed && kind !== "reply");
  if (!rested) return true;
  const due = dueOf(whole, name) ?? -Infinity;
  return formatStart(clock.start) === `case/${reopening.sequence}` && due >= reopening.time;
}

/** When a clock of this name would breach; before all time where it has, undefined while it rests or where none runs. */
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

/** What the customer's act may do besides: confirm, cross, reopen, end a wait or the automatic closing (docs/rules/clock.md). */
const allowed: ReadonlySet<string> = new Set([
  "case.confirmed",
  "case.reopened",
  "handoff.offered",
  "case.status-changed",
]);

test("after an act of the customer every clock is due no later, and every page is still sent", () => {
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
      const news = whole.messages.slice(messageCount);
      const isException = news.some(({ type }) => allowed.has(type));
      for (const { name: clock, kind } of without.clocks.clocks) {
        const was = dueOf(without, clock);
        // The automatic closing is the one clock that an inquiry ends.
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
  expect(compared).toBeGreaterThan(1_000);
});
