import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type EventType, topics } from "@crossline/contracts";
import { beforeAll, expect, test } from "vitest";
import {
  type CaseCrossing,
  type CrossingInput,
  type HandoffCommand,
  commandHandoff,
  inform,
  isRefused,
  isUnsolved,
  openOf,
  react,
  returnsOf,
  take,
  waitsFor,
} from "../../src/index.ts";
import { at, caseId } from "../given.ts";
import { evidence, rep, twoSteps } from "./driven.ts";
import { unstaffed } from "../unstaffed.ts";

/*
 * Walks through the hand-offs of a case. Two states count as one if the same moves are possible from both. From each state the
 * walk tries every command and every event, until it finds no new state.
 */

const jointAfter = 2;
const line = twoSteps({ returns: { jointAfter } });
const now = at("10:00");
const words = { engineer: { name: "A", contact: "a" }, vendorCaseId: "1", nextStep: "x", eta: "2026-04-01T00:00:00Z" };

type Move = readonly [name: string, make: (state: CaseCrossing) => CaseCrossing | undefined];

function happen(state: CaseCrossing | undefined, type: EventType, data: Record<string, unknown> = {}): CaseCrossing {
  const topic = type.startsWith("clock.") ? topics.clock : topics.case;
  const sequence = state === undefined ? 1 : topic === topics.case ? state.read.case + 1 : state.read.clock + 1;
  const timeline = "stp_0000000000000000000000000a";
  const event = { topic, key: caseId, sequence, type, time: now, timeline, data: { actor: rep, ...data } };
  return react(state, event as unknown as CrossingInput, { ...unstaffed, line }, 0).state;
}

const desk =
  (command: Record<string, unknown> & { readonly type: string }) =>
  (state: CaseCrossing): CaseCrossing | undefined => {
    const open = openOf(state);
    const { material } = state;
    const full = { token: open?.token, dossierVersion: material.version, ...command } as unknown as HandoffCommand;
    const actor = { party: open?.vendor ?? "orchard", automated: false };
    const outcome = commandHandoff(
      state,
      { handoffId: open?.id ?? "none", command: full, actor },
      { ...unstaffed, line },
      now,
    );
    return isRefused(outcome) ? undefined : outcome.state;
  };
const breach = (state: CaseCrossing, kind: string, incarnation: string | undefined): CaseCrossing | undefined =>
  incarnation === undefined
    ? undefined
    : happen(state, "clock.breached", { kind, clock: kind, incarnation, firingId: "fir" });

const isAsked = (state: CaseCrossing): boolean => openOf(state)?.phase === "info-requested";

const callOf = (state: CaseCrossing): string | undefined => {
  const calling = waitsFor(state, "last-resort");
  return calling && `handoff/${calling.sequence}`;
};

const moves: readonly Move[] = [
  ["claim", desk({ type: "claim" })],
  ["release", desk({ type: "release" })],
  ["request-info", desk({ type: "request-info", code: "needs-log", items: [] })],
  ["accept", desk({ type: "accept", ...words, readBack: { problem: "x", tried: "y" } })],
  ["reject", desk({ type: "reject", code: "duplicate" })],
  ["return", desk({ type: "return", code: "bad-data", evidence })],
  ["transfer", desk({ type: "transfer", code: "wrong-team", to: "orchard.tier2" })],
  ["resolve", desk({ type: "resolve", fixCode: "x", rootCause: "y" })],
  [
    "provide-info",
    (state) => {
      const outcome = inform(
        state,
        { handoffId: openOf(state)?.id ?? "", actor: rep, answer: "x" },
        { ...unstaffed, line },
        now,
      );
      return isRefused(outcome) ? undefined : outcome.state;
    },
  ],
  [
    "take",
    (state) => {
      const outcome = take(state, words.engineer, rep, now);
      return isRefused(outcome) ? undefined : outcome.state;
    },
  ],
  [
    "best effort",
    (state) => {
      const open = openOf(state);
      return open?.phase === "info-requested" ? breach(state, "information", `handoff/${open.asked}`) : undefined;
    },
  ],
  ["lapse", (state) => (isAsked(state) ? undefined : breach(state, "vendor.acceptance", openOf(state)?.id))],
  ["cross", (state) => happen(state, "crossing.requested", { asOf: 1 })],
  ["call again", (state) => breach(state, "last-resort", callOf(state))],
  ["withdraw", (state) => happen(state, "case.closed", { from: "inProgress", reason: "by-carrier" })],
  [
    "reopen",
    (state) => (isUnsolved(state.status) ? undefined : happen(state, "case.reopened", { from: "closed", reason: "x" })),
  ],
];

/** The parts of a state that decide which moves are possible. Counts above `jointAfter` change nothing. */
function keyOf(state: CaseCrossing): string {
  const { waits, next, joint, holder, status, returns = {} } = state;
  const open = openOf(state);
  return JSON.stringify([
    waits.for,
    open && [open.phase, open.queue],
    next,
    joint !== undefined,
    holder,
    isUnsolved(status),
    Object.entries(returns).map(([vendor, count]) => [vendor, Math.min(count, jointAfter)]),
  ]);
}

const states = new Map<string, CaseCrossing>();
const ways = new Map<string, Set<string>>();
/** Each as `<phase> <move> <phase>`. */
const transitions = new Set<string>();
const phaseOf = (state: CaseCrossing): string => openOf(state)?.phase ?? "ended";

beforeAll(() => {
  const opened = happen(undefined, "case.opened", {
    carrier: "northtel",
    carrierCaseId: "NT-1",
    kind: "fault",
    severity: "minor",
    title: "dead",
    channel: "phone",
    status: "acknowledged",
    line: line.ref,
  });
  const waiting = [opened];
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    if (states.has(keyOf(state))) continue;
    states.set(keyOf(state), state);
    const out = new Set<string>();
    for (const [name, make] of moves) {
      const after = make(state);
      if (after === undefined || keyOf(after) === keyOf(state)) continue;
      out.add(name);
      const open = openOf(state);
      if (open !== undefined) {
        const isSame = openOf(after)?.id === open.id;
        transitions.add(`${phaseOf(state)} ${name} ${isSame ? phaseOf(after) : "ended"}`);
      }
      waiting.push(after);
    }
    ways.set(keyOf(state), out);
  }
});

test("the walk reaches every phase and more than 100 states", () => {
  expect(states.size).toBeGreaterThan(100);
  expect(new Set([...states.values()].map(phaseOf))).toEqual(
    new Set(["ended", "offered", "claimed", "info-requested", "accepted"]),
  );
});

test("every state has a way out", () => {
  const stuck = [...ways].filter(([, out]) => out.size === 0).map(([key]) => key);
  expect(stuck).toEqual([]);
});

test("a case with more returns than its line allows is joint", () => {
  for (const state of states.values()) {
    for (const count of Object.values(state.returns ?? {})) {
      expect(state.joint !== undefined || count < jointAfter, `${count} returns`).toBe(true);
    }
    const isSentBack = desk({ type: "return", code: "bad-data", evidence })(state) !== undefined;
    expect(state.joint === undefined || !isSentBack).toBe(true);
    expect(returnsOf(state)).toBeLessThan(2 * jointAfter + 1);
  }
});

test("a case that waits for a vendor, a page or the last resort is not solved", () => {
  const over = new Set(["step", "confirmation"]);
  for (const { waits, status } of states.values()) expect(over.has(waits.for) || isUnsolved(status)).toBe(true);
});

test("every command refuses an old token in every state", () => {
  const commands = ["renew", "release", "request-info", "accept", "reject", "return", "transfer", "resolve"];
  for (const state of states.values()) {
    const open = openOf(state);
    if (open === undefined || open.phase === "offered") continue;
    for (const type of commands) expect(desk({ type, ...words, token: open.token - 1 })(state)).toBeUndefined();
  }
});

test("the table of docs/hand-offs.md has the moves of the code", () => {
  const text = readFileSync(resolve(import.meta.dirname, "../../../../docs/hand-offs.md"), "utf8");
  const rows = [...text.matchAll(/^\| `([a-z-]+)` +\| ([a-z -]+?) +\| `([a-z-]+)` +\|/gm)];
  expect(rows.map(([, from, move, to]) => `${from} ${move} ${to}`).toSorted()).toEqual([...transitions].toSorted());
});

test.each(["docs/hand-offs.md", "packages/domain/src/handoff/handoff.ts"])(
  "the diagram of %s names every move",
  (path) => {
    const text = readFileSync(resolve(import.meta.dirname, "../../../..", path), "utf8");
    // Only the rows of the diagram have these signs.
    const drawn = text.split("\n").filter((row) => /[─►▲▼│└┘┌┐┴]/.test(row));
    const diagram = new Set(drawn.join("\n").match(/[a-z]+(?:-[a-z]+)*/g));
    const named = [...transitions].flatMap((transition) => {
      const [, from = "", move = "", to = ""] = /^(\S+) (.+) (\S+)$/.exec(transition) ?? [];
      // The diagram does not draw best effort, which is a provide-info without the carrier.
      return move === "best effort" ? [from, to] : [from, move, to];
    });
    expect([...new Set(named)].filter((name) => !diagram.has(name))).toEqual([]);
    const moved = new Set(moves.map(([name]) => name));
    const arrows = [...drawn.join("\n").matchAll(/[─┼]\s?([a-z]+(?:-[a-z]+)*)[─┴┼]/g)].map(([, name = ""]) => name);
    expect(arrows.length).toBeGreaterThan(5);
    expect(arrows.filter((name) => !moved.has(name))).toEqual([]);
  },
);
