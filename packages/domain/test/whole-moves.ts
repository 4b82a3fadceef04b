import type { EventData } from "@crossline/contracts";
import fc from "fast-check";
import {
  type CaseCommand,
  type HandoffCommand,
  holdSession,
  answerQuestion,
  nameJointPerson,
  openHandoffOf,
  takeByPerson,
} from "../src/index.ts";
import { at, line } from "./given.ts";
import { incidentMoves } from "./incident/moves.ts";
import { WholeCase } from "./whole.ts";
import { poolMoves } from "./pools/moves.ts";

/*
 * Legal and illegal moves of three companies, a program and the customer. Property tests draw random histories from these
 * moves.
 */

const wholeDocument = {
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
  letters: "P2D",
} as const satisfies Parameters<typeof line>[0];
export const wholeLine = line(wholeDocument);
/** The same line with the trigger `skill.missing`, and with a pool before the queues. */
export const poolLine = line({
  ...(wholeDocument as Parameters<typeof line>[0]),
  triggers: [...wholeDocument.triggers, { on: "skill.missing", level: 2 }],
  crossing: [{ to: "pool:ios", mode: "ticket", acceptWithin: "PT5M", repeat: 2 }, ...wholeDocument.crossing],
});
export const rep = { party: "northtel", person: "rep-1", automated: false };
const program = { party: "northtel", automated: true };
const engineer = { name: "Ada Lovett", contact: "ada@orchard.example" };
const evidence = { test: "t", result: "r", wouldChangeOurMind: "w" };
let counter = 0;
const id = (prefix: string): string => `${prefix}_${++counter}`;

export type Move = readonly [name: string, make: (whole: WholeCase) => unknown];
const asCase =
  (command: (whole: WholeCase) => CaseCommand, actor = rep) =>
  (whole: WholeCase): unknown =>
    whole.command(command(whole), actor);
const asDesk =
  (command: (whole: WholeCase) => HandoffCommand) =>
  (whole: WholeCase): unknown => {
    const open = openHandoffOf(whole.crossing);
    const actor = { party: open?.vendor ?? "orchard", person: "eng-4", automated: false };
    return whole.desk(open?.id ?? "none", command(whole), actor);
  };
const token = ({ crossing }: WholeCase): number => openHandoffOf(crossing)?.token ?? 0;
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

const contact = (data: Partial<EventData<"case.contacted">>, actor = rep): Move[1] =>
  asCase(
    () => ({
      type: "contact",
      contactId: id("ct"),
      channel: "mail",
      direction: "inbound",
      content: "inquiry",
      ...data,
    }),
    actor,
  );
const words = (kind: "hypothesis" | "message" | "fact"): CaseCommand => ({
  type: "add-entry",
  entryId: id("en"),
  kind,
  audience: "partners",
  by: "customer",
  news: true,
  text: "x",
  ...(kind === "fact" && { fact: { name: "os", value: "4" } }),
});
const importer = program as typeof rep;

/** The acts of the customer. */
export const customersMoves: readonly Move[] = [
  ["a mail", contact({})],
  ["a mail, imported", contact({}, importer)],
  ["an answer by the customer", contact({ content: "answer" })],
  ["still broken", contact({ content: "still-broken" }, importer)],
  ["it works", contact({ content: "works" })],
  ["an automatic reply", contact({ content: "auto-reply" })],
  ["a hypothesis of the customer", asCase(() => words("hypothesis"))],
  ["a message of the customer", asCase(() => words("message"))],
  ["a fact by the customer", asCase(() => words("fact"))],
];

const correction = (needBy: number | null): CaseCommand => ({
  type: "correct",
  reason: "x",
  needBy: needBy === null ? null : new Date(needBy).toISOString(),
});

export const moves: readonly Move[] = [
  ...customersMoves,
  ...poolMoves,
  ...incidentMoves,
  [
    "a call with a person",
    asCase(() => ({
      type: "contact",
      contactId: id("ct"),
      handlingId: id("hd"),
      channel: "phone",
      direction: "inbound",
      content: "inquiry",
    })),
  ],
  ["a later deadline", asCase(({ now }) => correction(now + 72_000_000))],
  ["an earlier deadline", asCase(({ now }) => correction(now + 25_000_000))],
  ["no deadline", asCase(() => correction(null))],
  [
    "answer",
    asCase(() => ({ type: "contact", contactId: id("ct"), channel: "mail", direction: "outbound", content: "answer" })),
  ],
  [
    "contact",
    asCase(() => ({ type: "contact", contactId: id("ct"), channel: "chat", direction: "inbound", content: "inquiry" })),
  ],
  ["fact", asCase(() => entry("fact", true))],
  ["note of a program", asCase(() => entry("note", true), program as typeof rep)],
  ["call", asCase(() => ({ type: "start-handling", handlingId: id("hd"), channel: "phone" }))],
  ["beat", asCase(({ intake }) => ({ type: "beat", handlingId: intake.handlings.at(-1)?.id ?? "none" }))],
  ["hang up", asCase(({ intake }) => ({ type: "end-handling", handlingId: intake.handlings.at(-1)?.id ?? "none" }))],
  ["wait", asCase(() => ({ type: "change-status", to: "pending", note: "x", waitingOn: "customer", maximum: "PT5H" }))],
  ["wait for the vendor", asCase(() => ({ type: "change-status", to: "pending", note: "x", waitingOn: "vendor" }))],
  ["resume", asCase(() => ({ type: "change-status", to: "inProgress" }))],
  ["hold", asCase(() => ({ type: "change-status", to: "held" }))],
  ["status by a program", asCase(() => ({ type: "change-status", to: "held" }), program as typeof rep)],
  ["fix", asCase(() => ({ type: "change-status", to: "resolved", fixCode: "x", rootCause: "y" }))],
  ["fix without a root cause", asCase(() => ({ type: "change-status", to: "resolved", fixCode: "x" }))],
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
    "promise the fix",
    asCase(({ now }) => ({
      type: "promise",
      promiseId: id("pr"),
      text: "x",
      until: new Date(now + 7_200_000).toISOString(),
      for: "need-by",
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
  [
    "provide information",
    (whole) =>
      whole.route((state) =>
        answerQuestion(
          state,
          { handoffId: openHandoffOf(state)?.id ?? "", actor: rep, answer: "x" },
          whole.deps,
          whole.now,
        ),
      ),
  ],
  ["take", (whole) => whole.route((state) => takeByPerson(state, { engineer, actor: rep }, whole.deps, whole.now))],
  ["name", (whole) => whole.route((state) => nameJointPerson(state, { engineer, accountable: true }, rep, whole.now))],
  ["meet", (whole) => whole.route((state) => holdSession(state, "x", rep, whole.now))],
];

const single = (name: string): Move[1] => (moves.find(([its]) => its === name) as Move)[1];
/** Returns a move that makes several moves at one instant. A random order of single moves seldom forms a useful sequence. */
const scene =
  (...names: readonly string[]) =>
  (whole: WholeCase): undefined => {
    for (const name of names) if (single(name)(whole) === undefined) playedMoves.add(name);
  };
/** The names of the moves that were legal within a sequence of moves. */
export const playedMoves = new Set<string>();
const scenes: readonly Move[] = [
  ["the vendor claims and accepts a crossing", scene("cross", "claim", "accept")],
  ["the vendor claims and accepts", scene("claim", "accept")],
  ["a short call", scene("call", "beat", "hang up")],
  ["the vendor requests information", scene("cross", "claim", "ask")],
  ["the vendor requests and gets information", scene("cross", "claim", "ask", "provide information")],
  ["the vendor releases", scene("cross", "claim", "release")],
  ["the vendor rejects", scene("cross", "claim", "reject")],
  ["the vendor transfers", scene("cross", "claim", "accept", "transfer")],
  ["a promise and its delivery", scene("promise", "deliver")],
  ["a crossing and a return", scene("cross", "claim", "accept", "return")],
  ["a fix and its confirmation", scene("cross", "claim", "accept", "resolve", "confirm")],
  [
    "a joint case and its session",
    scene("cross", "claim", "accept", "return", "cross", "claim", "accept", "return", "name", "meet"),
  ],
  ["the pool claims a crossing", scene("cross", "claim the assignment")],
  [
    "the pool claims and releases",
    scene("cross", "claim the assignment", "renew the assignment", "release the assignment"),
  ],
  ["a specialist joins a call", scene("a specialist calls", "call", "the specialist hangs up")],
  ["an incident and its end", scene("join an incident by hand", "the lead ends")],
  ["an incident and its fix", scene("join an incident", "the lead has another holder", "the lead is fixed", "reopen")],
  ["a resolution", scene("fix")],
  ["a resolution and a reopening", scene("fix", "reopen")],
  ["a closing and a reopening", scene("close", "reopen")],
];

export const gaps = fc.oneof(
  fc.integer({ min: 0, max: 180_000 }),
  fc.constantFrom(0, 90_000, 1_200_000),
  fc.integer({ min: 0, max: 10_800_000 }),
);
export const move = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...moves) },
  { weight: 1, arbitrary: fc.constantFrom(...scenes) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...moves.filter(([name]) => /return|transfer|resolve|inform|name|meet|take/.test(name))),
  },
);
export const story = fc.array(fc.tuple(gaps, move), { maxLength: 40 });

export const start = at("09:00");
