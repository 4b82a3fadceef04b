import { type Message, isFiring, parseInstant, topics } from "@crossline/contracts";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import {
  type CaseClocks,
  type CaseCommand,
  type HandoffCommand,
  decide,
  hasDueClock,
  elapse,
  explain,
  formatStart,
  heldMsAt,
  holdSession,
  inform,
  isUnsolved,
  nameJointPerson,
  needsClock,
  take,
  timesByHolder,
} from "../src/index.ts";
import { at, line } from "./given.ts";
import { type Model, follow, heldMs, opened } from "./model.ts";
import { Whole } from "./whole.ts";

/*
 * The nine invariants of docs/architecture.md over random sequences of commands, legal and not, by three companies and a
 * robot, with time between them; against the model of model.ts. Ten thousand sequences take ten seconds.
 */
vi.setConfig({ testTimeout: 300_000 });
const numRuns = 10_000;

const under = line({
  clocks: [
    { kind: "first-response", target: "PT1H", warnAt: [] },
    { kind: "next-update", target: "PT2H", warnAt: [] },
    { kind: "stall.busy", target: "PT20M", warnAt: [50] },
    { kind: "handling.limit", target: "PT45M", warnAt: [] },
    { kind: "stall.idle", target: { critical: "PT30M", else: "PT2H" }, warnAt: [] },
    { kind: "resolution", target: { critical: "PT8H", else: "PT40H" }, warnAt: [50, 90] },
  ],
  triggers: [
    { on: "contacts", count: 4, within: "P1D" },
    { on: "severity", reaches: "critical" },
    { on: "transfers", count: 3 },
  ],
  crossing: [
    { to: "queue:orchard.handheld", mode: "live-assist", acceptWithin: "PT90S", repeat: 1 },
    { to: "queue:quill.care", mode: "ticket", acceptWithin: "PT30M", repeat: 2 },
  ],
  lastResort: ["https://duty.northtel.example/"],
  needBy: { cure: "PT6H" },
});
const rep = { party: "northtel", person: "rep-1", automated: false };
const robot = { party: "northtel", automated: true };
const engineer = { name: "Ada Lovett", contact: "ada@orchard.example" };
const evidence = { test: "t", result: "r", wouldChangeOurMind: "w" };
let counter = 0;
const id = (prefix: string): string => `${prefix}_${++counter}`;

type Move = readonly [name: string, make: (whole: Whole) => unknown];
const asCase =
  (command: (whole: Whole) => CaseCommand, actor = rep) =>
  (whole: Whole): unknown =>
    whole.command(command(whole), actor);
const asDesk =
  (command: (whole: Whole) => HandoffCommand) =>
  (whole: Whole): unknown => {
    const { open } = whole.crossing;
    const actor = { party: open?.vendor ?? "orchard", person: "eng-4", automated: false };
    return whole.desk(open?.id ?? "none", command(whole), actor);
  };
const token = ({ crossing }: Whole): number => crossing.open?.token ?? 0;
const entry = (kind: "note" | "fact", news: boolean): CaseCommand => ({
  type: "add-entry",
  entryId: id("en"),
  kind,
  audience: "partners",
  by: "party",
  news,
  text: "x",
  ...(kind === "fact" && { fact: { name: "os", value: "4" } }),
});

const moves: readonly Move[] = [
  [
    "answer",
    asCase(() => ({ type: "contact", contactId: id("ct"), channel: "mail", direction: "outbound", content: "answer" })),
  ],
  [
    "contact",
    asCase(() => ({ type: "contact", contactId: id("ct"), channel: "chat", direction: "inbound", content: "inquiry" })),
  ],
  ["fact", asCase(() => entry("fact", true))],
  ["note of a robot", asCase(() => entry("note", true), robot as typeof rep)],
  ["call", asCase(() => ({ type: "start-handling", handlingId: id("hd"), channel: "phone" }))],
  ["beat", asCase(({ intake }) => ({ type: "beat", handlingId: intake.handlings.at(-1)?.id ?? "none" }))],
  ["hang up", asCase(({ intake }) => ({ type: "end-handling", handlingId: intake.handlings.at(-1)?.id ?? "none" }))],
  ["wait", asCase(() => ({ type: "change-status", to: "pending", note: "x", waitingOn: "customer", maximum: "PT5H" }))],
  ["wait for the vendor", asCase(() => ({ type: "change-status", to: "pending", note: "x", waitingOn: "vendor" }))],
  ["go on", asCase(() => ({ type: "change-status", to: "inProgress" }))],
  ["flip by a robot", asCase(() => ({ type: "change-status", to: "held" }), robot as typeof rep)],
  ["cure", asCase(() => ({ type: "change-status", to: "resolved", fixCode: "x", rootCause: "y" }))],
  ["cure without a root", asCase(() => ({ type: "change-status", to: "resolved", fixCode: "x" }))],
  ["cancel", asCase(() => ({ type: "change-status", to: "cancelled" }))],
  ["cross", asCase(({ intake }) => ({ type: "cross", asOf: intake.version, observing: false }))],
  ["merge another", (whole) => whole.mergeIn(rep)],
  ["confirm", asCase(() => ({ type: "confirm" }))],
  ["reopen", asCase(() => ({ type: "reopen", code: "still-broken", reason: "x" }))],
  ["close", asCase(() => ({ type: "close" }))],
  ["raise", asCase(() => ({ type: "change-severity", to: "critical" }))],
  ["lower", asCase(() => ({ type: "change-severity", to: "minor" }))],
  [
    "promise",
    asCase(({ now }) => ({
      type: "promise",
      promiseId: id("pr"),
      text: "x",
      until: new Date(now + 3_600_000).toISOString(),
    })),
  ],
  [
    "deliver",
    asCase(({ intake }) => ({
      type: "deliver-promise",
      promiseId: intake.promises?.at(-1)?.id ?? "none",
      evidence: "x",
    })),
  ],
  ["claim", asDesk(() => ({ type: "claim" }))],
  ["release", asDesk((whole) => ({ type: "release", token: token(whole) }))],
  ["ask", asDesk((whole) => ({ type: "request-info", token: token(whole), code: "needs-log", items: [] }))],
  ["reject", asDesk((whole) => ({ type: "reject", token: token(whole), code: "duplicate" }))],
  ["return", asDesk((whole) => ({ type: "return", token: token(whole), code: "bad-data", evidence }))],
  ["return without evidence", asDesk((whole) => ({ type: "return", token: token(whole), code: "bad-data" }))],
  ["transfer", asDesk((whole) => ({ type: "transfer", token: token(whole), code: "wrong-team", to: "quill.radio" }))],
  ["resolve", asDesk((whole) => ({ type: "resolve", token: token(whole), fixCode: "x", rootCause: "y" }))],
  ["resolve with an old token", asDesk((whole) => ({ type: "resolve", token: token(whole) - 1, fixCode: "x" }))],
  [
    "accept",
    asDesk((whole) => ({
      type: "accept",
      token: token(whole),
      engineer,
      vendorCaseId: "OR-1",
      nextStep: "x",
      eta: new Date(whole.now + 3_600_000).toISOString(),
      readBack: { problem: "x", tried: "y" },
      dossierVersion: whole.crossing.material.version,
    })),
  ],
  ["inform", (whole) => whole.route((state) => inform(state, state.open?.id ?? "", "x", rep, under, whole.now))],
  ["take", (whole) => whole.route((state) => take(state, engineer, rep, whole.now))],
  ["name", (whole) => whole.route((state) => nameJointPerson(state, { engineer, accountable: true }, rep, whole.now))],
  ["meet", (whole) => whole.route((state) => holdSession(state, "x", rep, whole.now))],
];

const single = (name: string): Move[1] => (moves.find(([its]) => its === name) as Move)[1];
/** Several moves in a row, at one instant: alone they seldom come in an order that leads anywhere. */
const scene =
  (...names: readonly string[]) =>
  (whole: Whole): undefined => {
    for (const name of names) if (single(name)(whole) === undefined) played.add(name);
  };
/** The moves that were legal in a scene. */
const played = new Set<string>();
const scenes: readonly Move[] = [
  ["the vendor takes it", scene("cross", "claim", "accept")],
  ["the vendor accepts", scene("claim", "accept")],
  ["the vendor asks", scene("cross", "claim", "ask")],
  ["there and back", scene("cross", "claim", "accept", "return")],
  ["cured and confirmed", scene("resolve", "confirm")],
];

const gaps = fc.oneof(
  fc.integer({ min: 0, max: 180_000 }),
  fc.constantFrom(0, 90_000, 1_200_000),
  fc.integer({ min: 0, max: 10_800_000 }),
);
const move = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...moves) },
  { weight: 1, arbitrary: fc.constantFrom(...scenes) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...moves.filter(([name]) => /return|transfer|resolve|inform|name|meet|take/.test(name))),
  },
);
const story = fc.array(fc.tuple(gaps, move), { maxLength: 40 });
const start = at("09:00");

function begin(): { whole: Whole; model: Model } {
  const whole = new Whole(under, { needBy: "2026-03-08T09:00:00-05:00" }, rep, start);
  return { whole, model: opened("northtel", start, "major") };
}

test("after whatever is done, model and services agree and the invariants hold", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(story, (steps) => {
      const { whole, model } = begin();
      let told = 0;
      for (const [gap, [name, make]] of steps) {
        whole.advance(whole.now + gap);
        const before = whole.told.length;
        const refused = make(whole);
        if (refused === undefined) seen.add(name);
        const isQuiet = refused === undefined || whole.told.length === before;
        expect(isQuiet, `${name} was refused and told something`).toBe(true);
        for (; told < whole.told.length; told++) follow(model, whole.told[told] as Message);
        agree(whole, model);
        hold(whole);
      }
      replay(whole);
    }),
    { numRuns },
  );
  // Nothing of it was in vain: every move was legal somewhere.
  const isSeen = (name: string): boolean => seen.has(name) || played.has(name);
  expect(moves.map(([name]) => name).filter((name) => !isSeen(name) && !isRefused(name))).toEqual([]);
});

const isRefused = (name: string): boolean => name === "return without evidence" || name === "resolve with an old token";

/** The three services are of one mind, and of the model's. */
function agree(whole: Whole, model: Model): void {
  const { intake, clocks, crossing, now } = whole;
  expect([intake.status, clocks.status, crossing.status]).toEqual(Array(3).fill(model.status));
  expect([intake.holder, clocks.holder, crossing.holder]).toEqual(Array(3).fill(model.holder)); // 3: one holder
  expect(crossing.open?.phase ?? "none").toBe(model.phase);
  expect(intake.handoff?.phase ?? "none").toBe(model.phase);
  expect([intake.severity, clocks.severity, crossing.material.severity]).toEqual(Array(3).fill(model.severity));
  expect(crossing.joint !== undefined).toBe(model.joint);
  expect(intake.joint?.accountable ?? "northtel").toBe(model.accountable); // 3: one accountable party
  expect(crossing.calling !== undefined).toBe(model.calling);
  // What the desk is told to be its deadline is the clock's.
  const isAsked = model.phase === "offered" || model.phase === "claimed";
  const clock = explain(clocks, whole.line, now).find(({ incarnation }) => incarnation === crossing.open?.id);
  const due = isAsked ? clock?.thresholds.at(-1)?.dueAt : undefined;
  expect(due && parseInstant(due)).toBe(isAsked ? crossing.open?.acceptBy : undefined);
  expect(new Set(intake.promises?.filter(({ state }) => state === "open").map((one) => one.id))).toEqual(
    model.promises,
  );
  // 3: the times per holder add up.
  const expected = Object.fromEntries(Object.entries(heldMs(model, now)).filter(([, ms]) => ms > 0));
  const positive = (times: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(times).filter(([, ms]) => ms > 0));
  expect(positive(heldMsAt(intake, now))).toEqual(expected);
  expect(positive(timesByHolder(crossing, now))).toEqual(expected);
}

function hold(whole: Whole): void {
  const { clocks, crossing, told, line: its } = whole;
  // 2: at most once.
  const firings = whole.clockEvents.filter(isFiring).map(({ data }) => data.firingId);
  expect(new Set(firings).size).toBe(firings.length);
  // 3: a clock that will fire.
  expect(!needsClock(clocks, its) || hasDueClock(clocks, its)).toBe(true);
  // 4: the end of a line is not silence.
  const exhausted = told.findIndex(({ type }) => type === "line.exhausted");
  const isCalled = told.slice(exhausted + 1).some(({ type }) => type === "last-resort.called");
  expect(exhausted < 0 || isCalled).toBe(true);
  const goesOn = clocks.clocks.some(({ kind }) => kind === "last-resort");
  expect(crossing.calling === undefined || !isUnsolved(clocks.status) || goesOn).toBe(true);
  // 5: the line that it began with.
  expect([whole.intake.line, clocks.line, crossing.line]).toEqual(Array(3).fill(its.ref));
  // 8: what is internal is in no brief; here nothing is, and nobody but the asked vendors has a queue record.
  const asked = new Set(
    told.flatMap(({ type, data }) => (type === "handoff.offered" ? [(data as { vendor: string }).vendor] : [])),
  );
  const queues = told
    .filter(({ topic }) => topic.startsWith("crossline.queue."))
    .map(({ topic }) => topic.split(".")[2]);
  expect(queues.every((vendor) => asked.has(vendor ?? ""))).toBe(true);
  // 6: a value is the sum of its intervals.
  for (const one of explain(clocks, its, whole.now))
    expect(one.countedMs).toBe(one.counted.reduce((sum, { countedMs }) => sum + countedMs, 0));
}

/** 9: the history again, event by event, gives the same firings; 6: each was due when its share of the target was counted. */
function replay(whole: Whole): void {
  let state: CaseClocks | undefined;
  const fired: string[] = [];
  const keep = (messages: readonly Message[]): void => {
    for (const message of messages)
      if (message.type === "clock.warned" || message.type === "clock.breached") fired.push(keyOf(message));
  };
  for (const event of whole.told) {
    if ((event.type === "clock.warned" || event.type === "clock.breached") && state !== undefined) {
      // The mark went just past what was due; what that led to happened at the same instant, and after it.
      const passed = elapse(state, whole.line, event.time + 1, 0);
      state = passed.state;
      keep(passed.messages);
    }
    if (event.topic !== topics.case && event.topic !== topics.handoff) continue;
    const decided = decide(state, event as Parameters<typeof decide>[1], whole.line, 0);
    state = decided.state;
    keep(decided.messages);
  }
  if (state !== undefined) keep(elapse(state, whole.line, whole.now, 0).messages);
  expect(fired.toSorted()).toEqual(whole.clockEvents.filter(isFiring).map(keyOf).toSorted());
}

function keyOf({ data }: Message): string {
  const { firingId, dueAt } = data as { firingId: string; dueAt: string };
  return `${parseInstant(dueAt)} ${firingId}`;
}

test("7: what automation does ends no clock that is meant for a person", () => {
  const robots = moves.filter(([name]) => name.includes("robot"));
  fc.assert(
    fc.property(story, fc.nat({ max: robots.length - 1 }), (steps, which) => {
      const { whole } = begin();
      for (const [gap, [, make]] of steps) {
        whole.advance(whole.now + gap);
        make(whole);
      }
      const before = whole.clocks.clocks.map(({ name, start: since }) => `${name} ${formatStart(since)}`);
      (robots[which] as Move)[1](whole);
      const after = new Set(whole.clocks.clocks.map(({ name, start: since }) => `${name} ${formatStart(since)}`));
      // Its own kind may end: a wait that is over by the clock.
      expect(before.filter((one) => !after.has(one) && !one.startsWith("information"))).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});
