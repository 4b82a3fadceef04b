import { type Message, isFiring, parseInstant, topics } from "@crossline/contracts";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import {
  type CaseClocks,
  decide,
  elapse,
  explain,
  formatStart,
  hasDueClock,
  isUnsolved,
  needsClock,
  openHandoffOf,
  phaseAt,
  timesByHolder,
  waitFor,
} from "../src/index.ts";
import { type Model, follow, heldMs, openModel } from "./model.ts";
import { pocketDevice, staffed } from "./pools/moves.ts";
import { type Move, moves, playedMoves, poolLine, rep, start, story, wholeLine } from "./whole-moves.ts";
import { propertyRuns } from "./property-runs.ts";
import { WholeCase } from "./whole.ts";

/*
 * Checks the nine invariants of docs/architecture.md. Three companies and a program send random legal and illegal commands, with time
 * between the commands. The model in model.ts gives the expected state. 10,000 sequences took 31 s on a machine that also ran other tests.
 */
vi.setConfig({ testTimeout: 300_000 });
const numRuns = propertyRuns;

/** Opens a case. With a pool, the line has the trigger `skill.missing`, and the device needs a skill. */
function begin(withPool: boolean): { whole: WholeCase; model: Model } {
  const opening = withPool ? { deps: staffed, device: pocketDevice } : {};
  const given = { needBy: "2026-03-08T09:00:00-05:00", ...opening };
  const whole = new WholeCase(withPool ? poolLine : wholeLine, given, rep, start);
  return { whole, model: openModel("northtel", start, "major") };
}

test("the model and the services agree, and the invariants hold after every move", () => {
  const legalMoves = new Set<string>();
  fc.assert(
    fc.property(story, fc.boolean(), (steps, withPool) => {
      const { whole, model } = begin(withPool);
      let read = 0;
      for (const [gap, [name, make]] of steps) {
        whole.advance(whole.now + gap);
        const before = whole.messages.length;
        const refused = make(whole);
        if (refused === undefined) legalMoves.add(name);
        const isQuiet = refused === undefined || whole.messages.length === before;
        expect(isQuiet, `${name} was refused but published a message`).toBe(true);
        for (; read < whole.messages.length; read++) follow(model, whole.messages[read] as Message);
        agree(whole, model);
        checkInvariants(whole);
      }
      replay(whole);
    }),
    { numRuns },
  );
  // Each move must have been legal at least once.
  const isSeen = (name: string): boolean => legalMoves.has(name) || playedMoves.has(name);
  expect(moves.map(([name]) => name).filter((name) => !isSeen(name) && !isRefused(name))).toEqual([]);
});

const isRefused = (name: string): boolean => name === "return without evidence" || name === "resolve with an old token";

/** Checks that the rules of the three services agree with each other and with the model. */
function agree(whole: WholeCase, model: Model): void {
  const { intake, clocks, crossing, now } = whole;
  expect([intake.status, clocks.status, crossing.status]).toEqual(Array(3).fill(model.status));
  expect([intake.holder, clocks.holder, crossing.holder]).toEqual(Array(3).fill(model.holder)); // 3: one holder
  expect(openHandoffOf(crossing)?.phase ?? "none").toBe(model.phase);
  expect(intake.handoff?.phase ?? "none").toBe(model.phase);
  const phases = [intake.handoff, openHandoffOf(crossing)].map((handoff) => handoff && phaseAt(handoff, now));
  expect(phases[0]).toBe(phases[1]);
  expect([intake.severity, clocks.severity, crossing.material.severity]).toEqual(Array(3).fill(model.severity));
  expect(crossing.joint !== undefined).toBe(model.joint);
  expect(intake.joint?.accountable ?? "northtel").toBe(model.accountable); // 3: The case has one accountable company.
  expect(waitFor(crossing, "last-resort") !== undefined).toBe(model.calling);
  agreeOnPool(whole, model);
  agreeOnIncident(whole, model);
  // The desk's deadline in `acceptBy` equals the deadline of the clock `vendor.acceptance`.
  const isAsked = model.phase === "offered" || model.phase === "claimed";
  const clock = explain(clocks, whole.line, now).find(({ incarnation }) => incarnation === openHandoffOf(crossing)?.id);
  const due = isAsked ? clock?.thresholds.at(-1)?.dueAt : undefined;
  expect(due && parseInstant(due)).toBe(isAsked ? openHandoffOf(crossing)?.acceptBy : undefined);
  expect(new Set(intake.promises?.filter(({ state }) => state === "open").map((one) => one.id))).toEqual(
    model.promises,
  );
  // 3: The times by holder add up to the time for which the case was open.
  const expected = Object.fromEntries(Object.entries(heldMs(model, now)).filter(([, ms]) => ms > 0));
  const positive = (times: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(times).filter(([, ms]) => ms > 0));
  expect(positive(timesByHolder(intake, now))).toEqual(expected);
  expect(positive(timesByHolder(crossing, now))).toEqual(expected);
}

/** Checks that routing, intake and the timer agree about the assignment to a pool. */
function agreeOnPool({ intake, clocks, crossing, line, now }: WholeCase, model: Model): void {
  const assignment = waitFor(crossing, "pool")?.assignment;
  expect(assignment?.phase ?? "none").toBe(model.pool);
  expect(intake.pool?.assignmentId).toBe(assignment?.id);
  expect(intake.pool?.claimedBy).toBe(assignment?.phase === "claimed" ? assignment.claimedBy : undefined);
  const own = clocks.clocks.filter(({ start: { by } }) => by === "pool");
  expect(own.map(({ charged }) => charged)).toEqual(assignment?.phase === "assigned" ? ["northtel"] : []);
  if (assignment?.phase !== "assigned") return;
  const clock = explain(clocks, line, now).find(({ incarnation }) => incarnation === assignment.id);
  expect(parseInstant(clock?.thresholds.at(-1)?.dueAt ?? "")).toBe(assignment.acceptBy);
}

/** Checks that routing and the timer know the membership, and that a member rests its stall clocks and waits for no other company. */
function agreeOnIncident({ clocks, crossing, intake }: WholeCase, model: Model): void {
  const ids = [clocks.member?.incidentId, crossing.member];
  expect(ids).toEqual([model.incident, model.incident]);
  if (model.incident === undefined) return;
  expect([intake.holder, model.phase, model.calling, waitFor(crossing, "page")]).toEqual([
    "northtel",
    "none",
    false,
    undefined,
  ]);
  expect(clocks.clocks.filter(({ kind }) => kind.startsWith("stall."))).toEqual([]);
  expect(clocks.clocks.some(({ kind }) => kind === "information")).toBe(true);
}

function checkInvariants(whole: WholeCase): void {
  const { clocks, crossing, messages, line: its } = whole;
  // 2: Each threshold fires at most once.
  const firings = whole.clockEvents.filter(isFiring).map(({ data }) => data.firingId);
  expect(new Set(firings).size).toBe(firings.length);
  // 3: An open case has a clock that will fire.
  expect(!needsClock(clocks, its) || hasDueClock(clocks, its)).toBe(true);
  // 4: When no line step is left, routing calls the last resort.
  const exhausted = messages.findIndex(({ type }) => type === "line.exhausted");
  const isCalled = messages.slice(exhausted + 1).some(({ type }) => type === "last-resort.called");
  expect(exhausted < 0 || isCalled).toBe(true);
  const hasClock = clocks.clocks.some(({ kind }) => kind === "last-resort");
  expect(waitFor(crossing, "last-resort") === undefined || !isUnsolved(clocks.status) || hasClock).toBe(true);
  // 5: The case keeps its line.
  expect([whole.intake.line, clocks.line, crossing.line]).toEqual(Array(3).fill(its.ref));
  // 8: Only vendors with an offer have a queue record. The histories of this test contain no internal entry.
  const vendors = new Set(
    messages.flatMap(({ type, data }) => (type === "handoff.offered" ? [(data as { vendor: string }).vendor] : [])),
  );
  const queues = messages
    .filter(({ topic }) => topic.startsWith("crossline.queue."))
    .map(({ topic }) => topic.split(".")[2]);
  expect(queues.every((vendor) => vendors.has(vendor ?? ""))).toBe(true);
  // 6: The counted time of a clock is the sum of its intervals.
  for (const one of explain(clocks, its, whole.now))
    expect(one.countedMs).toBe(one.counted.reduce((sum, { countedMs }) => sum + countedMs, 0));
}

/**
 * Checks invariants 6 and 9 of docs/architecture.md. The replay must give the same firings. Each firing must be at the instant
 * at which the clock has counted the threshold's share of the target.
 */
function replay(whole: WholeCase): void {
  let state: CaseClocks | undefined;
  const fired: string[] = [];
  const keep = (messages: readonly Message[]): void => {
    for (const message of messages)
      if (message.type === "clock.warned" || message.type === "clock.breached") fired.push(keyOf(message));
  };
  for (const event of whole.messages) {
    if ((event.type === "clock.warned" || event.type === "clock.breached") && state !== undefined) {
      // A firing and the events that it causes have the same instant. The replay first advances one millisecond past this
      // instant, so that the clock fires before the replay reads the events.
      const elapsed = elapse(state, whole.line, event.time + 1, 0);
      state = elapsed.state;
      keep(elapsed.messages);
    }
    if (event.topic !== topics.case && event.topic !== topics.handoff) continue;
    const decision = decide(state, event as Parameters<typeof decide>[1], whole.line, 0);
    state = decision.state;
    keep(decision.messages);
  }
  if (state !== undefined) keep(elapse(state, whole.line, whole.now, 0).messages);
  expect(fired.toSorted()).toEqual(whole.clockEvents.filter(isFiring).map(keyOf).toSorted());
}

function keyOf({ data }: Message): string {
  const { firingId, dueAt } = data as { firingId: string; dueAt: string };
  return `${parseInstant(dueAt)} ${firingId}`;
}

test("7: an act of a program ends no clock that measures a person", () => {
  const programMoves = moves.filter(([name]) => name.includes("program"));
  fc.assert(
    fc.property(story, fc.nat({ max: programMoves.length - 1 }), (steps, which) => {
      const { whole } = begin(steps.length % 2 === 0);
      for (const [gap, [, make]] of steps) {
        whole.advance(whole.now + gap);
        make(whole);
      }
      const before = whole.clocks.clocks.map(({ name, start: since }) => `${name} ${formatStart(since)}`);
      (programMoves[which] as Move)[1](whole);
      const after = new Set(whole.clocks.clocks.map(({ name, start: since }) => `${name} ${formatStart(since)}`));
      // The breach of `information` ends the pause that started this clock.
      expect(before.filter((one) => !after.has(one) && !one.startsWith("information"))).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});
