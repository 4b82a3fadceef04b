import { type EventType, topics } from "@crossline/contracts";
import {
  type CaseCrossing,
  type CrossingInput,
  type HandoffCommand,
  commandHandoff,
  answerQuestion,
  isRefused,
  isUnsolved,
  openHandoffOf,
  react,
  takeByPerson,
  waitFor,
} from "../../src/index.ts";
import { at, caseId } from "../given.ts";
import { evidence, rep, twoSteps } from "./driven-handoff.ts";
import { unstaffed } from "../unstaffed.ts";

/*
 * Walks through the hand-offs of a case. Two states count as one if both states allow the same moves. From each state the walk tries every
 * command and every event, until it finds no new state.
 */

/** The number of returns between two companies after which the case of the walk is joint. */
export const jointAfter = 2;
const line = twoSteps({ returns: { jointAfter } });
const now = at("10:00");
export const words = {
  engineer: { name: "A", contact: "a" },
  vendorCaseId: "1",
  nextStep: "x",
  eta: "2026-04-01T00:00:00Z",
};

type Move = readonly [name: string, make: (state: CaseCrossing) => CaseCrossing | undefined];

function happen(state: CaseCrossing | undefined, type: EventType, data: Record<string, unknown> = {}): CaseCrossing {
  const topic = type.startsWith("clock.") ? topics.clock : topics.case;
  const sequence = state === undefined ? 1 : topic === topics.case ? state.read.case + 1 : state.read.clock + 1;
  const timeline = "stp_0000000000000000000000000a";
  const event = { topic, key: caseId, sequence, type, time: now, timeline, data: { actor: rep, ...data } };
  return react(state, event as unknown as CrossingInput, { ...unstaffed, line }, 0).state;
}

/** Returns the state after a command of the asked desk, or undefined if the command is refused. */
export const desk =
  (command: Record<string, unknown> & { readonly type: string }) =>
  (state: CaseCrossing): CaseCrossing | undefined => {
    const open = openHandoffOf(state);
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

const isAsked = (state: CaseCrossing): boolean => openHandoffOf(state)?.phase === "info-requested";

const callOf = (state: CaseCrossing): string | undefined => {
  const calling = waitFor(state, "last-resort");
  return calling && `handoff/${calling.sequence}`;
};

const incident = { incidentId: "ic_1", reason: "x" };

export const moves: readonly Move[] = [
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
      const outcome = answerQuestion(
        state,
        { handoffId: openHandoffOf(state)?.id ?? "", actor: rep, answer: "x" },
        { ...unstaffed, line },
        now,
      );
      return isRefused(outcome) ? undefined : outcome.state;
    },
  ],
  [
    "take",
    (state) => {
      const outcome = takeByPerson(state, { engineer: words.engineer, actor: rep }, { ...unstaffed, line }, now);
      return isRefused(outcome) ? undefined : outcome.state;
    },
  ],
  [
    "best effort",
    (state) => {
      const open = openHandoffOf(state);
      return open?.phase === "info-requested" ? breach(state, "information", `handoff/${open.asked}`) : undefined;
    },
  ],
  ["lapse", (state) => (isAsked(state) ? undefined : breach(state, "vendor.acceptance", openHandoffOf(state)?.id))],
  ["cross", (state) => happen(state, "crossing.requested", { asOf: 1 })],
  ["call again", (state) => breach(state, "last-resort", callOf(state))],
  ["withdraw", (state) => happen(state, "case.closed", { from: "inProgress", reason: "by-carrier" })],
  // The joining of an incident withdraws a hand-off too.
  ["withdraw", (state) => happen(state, "incident.joined", { ...incident, leadCaseId: "cs_2", holder: "orchard" })],
  ["leave", (state) => happen(state, "incident.left", { ...incident, cause: "removed" })],
  [
    "reopen",
    (state) => (isUnsolved(state.status) ? undefined : happen(state, "case.reopened", { from: "closed", reason: "x" })),
  ],
];

/**
 * Returns a key of a state. The key contains the parts that decide the possible moves. A count of returns above `jointAfter`
 * has the same effect as `jointAfter`.
 */
function keyOf(state: CaseCrossing): string {
  const { waits, next, joint, member, holder, status, returns = {} } = state;
  const open = openHandoffOf(state);
  return JSON.stringify([
    waits.for,
    open && [open.phase, open.queue],
    next,
    joint !== undefined,
    member !== undefined,
    holder,
    isUnsolved(status),
    Object.entries(returns).map(([vendor, count]) => [vendor, Math.min(count, jointAfter)]),
  ]);
}

/** The result of the walk: the states by key, the moves from each state, and the transitions as phase, move and phase. */
export type HandoffWalk = {
  readonly states: ReadonlyMap<string, CaseCrossing>;
  readonly ways: ReadonlyMap<string, ReadonlySet<string>>;
  readonly transitions: readonly (readonly [from: string, move: string, to: string])[];
};

/** Returns the phase of the open hand-off, or `ended` if no hand-off is open. */
export const phaseOf = (state: CaseCrossing): string => openHandoffOf(state)?.phase ?? "ended";

/** Walks from the opening of a case through every state that the moves reach. */
export function walkHandoffs(): HandoffWalk {
  const states = new Map<string, CaseCrossing>();
  const ways = new Map<string, Set<string>>();
  const transitions = new Map<string, readonly [string, string, string]>();
  const waiting = [openedCase()];
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    if (states.has(keyOf(state))) continue;
    states.set(keyOf(state), state);
    const out = new Set<string>();
    for (const [name, make] of moves) {
      const after = make(state);
      if (after === undefined || keyOf(after) === keyOf(state)) continue;
      out.add(name);
      const open = openHandoffOf(state);
      if (open !== undefined) {
        const isSame = openHandoffOf(after)?.id === open.id;
        const transition = [phaseOf(state), name, isSame ? phaseOf(after) : "ended"] as const;
        transitions.set(transition.join(" "), transition);
      }
      waiting.push(after);
    }
    ways.set(keyOf(state), out);
  }
  return { states, ways, transitions: [...transitions.values()] };
}

function openedCase(): CaseCrossing {
  return happen(undefined, "case.opened", {
    carrier: "northtel",
    carrierCaseId: "NT-1",
    kind: "fault",
    severity: "minor",
    title: "dead",
    channel: "phone",
    status: "acknowledged",
    line: line.ref,
  });
}
