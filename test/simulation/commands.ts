import { type Actor, type Instant, type Message, formatInstant, topics } from "@crossline/contracts";
import {
  type CaseCommand,
  type CaseCrossing,
  type CaseState,
  type Outcome,
  builtinRef,
  isRefused,
} from "@crossline/domain";
import { keyOf, lineOf, lines } from "./lines.ts";
import type { Rules } from "./rules.ts";
import { save } from "./service.ts";
import type { Tx } from "./store.ts";
import type { Command, CommandKind } from "./story.ts";

/** What a command is answered: what it told, or why nothing came of it. */
export type Answer = { readonly told: readonly Message[] } | { readonly refused: string };

const desk: ReadonlySet<CommandKind> = new Set([
  "claim",
  "renew",
  "release",
  "accept",
  "stale-accept",
  "reject",
  "resolve",
  "stale-token",
  "take",
  "request-info",
  "inform",
  "return",
  "transfer",
  "resolve-root",
  "publish-line",
]);

/** Whose command it is to decide. */
export function serviceOf({ kind }: Command): "intake" | "routing" {
  return desk.has(kind) ? "routing" : "intake";
}

/** The id of a case of a story. */
export function caseIdOf(seed: number, caseNumber: number): string {
  return `cs_${seed}${"ab"[caseNumber]}`;
}

const rep: Actor = { party: "northtel", person: "rep-1", automated: false };
const program: Actor = { party: "northtel", automated: true };
const ada = { name: "Ada Lovett", contact: "ada@orchard.example" };

/** Words that nobody but the carrier may ever read. */
export const secret = "for the carrier's eyes only";

/** Does a command on a case, in intake's transaction. */
export function executeAtIntake(tx: Tx<CaseState>, rules: Rules, caseId: string, given: Command, now: Instant): Answer {
  const row = tx.cases.get(caseId);
  if (given.kind === "open")
    return row === undefined ? open(tx, rules, caseId, given, now) : { refused: "already_exists" };
  if (row === undefined) return { refused: "not_found" };
  const { state } = row;
  const actor = actorOf(given, state);
  if (actor.party !== state.carrier && !state.crossedTo.includes(actor.party)) return { refused: "not_found" };
  const at = Math.max(now, state.lastEventAt);
  return stored(tx, caseId, rules.commandCase(state, caseCommand(given, state, at), actor, at));
}

/** Does a command of a vendor's desk, or of who is called last, in routing's transaction. */
export function executeAtRouting(
  tx: Tx<CaseCrossing>,
  rules: Rules,
  caseId: string,
  given: Command,
  now: Instant,
): Answer {
  if (given.kind === "publish-line") return publish(tx, now);
  const state = tx.cases.get(caseId)?.state;
  if (state === undefined) return { refused: "not_found" };
  const at = Math.max(now, state.lastEventAt);
  if (given.kind === "take") return stored(tx, caseId, rules.take(state, ada, rep, at));
  const { open: handoff } = state;
  if (handoff === undefined) return { refused: "not_found" };
  if (given.kind === "inform") {
    return stored(tx, caseId, rules.inform(state, handoff.id, "since yesterday", rep, lineOf(state.line), at));
  }
  const actor = { party: handoff.vendor, person: "eng-4", automated: false };
  const token = given.kind === "stale-token" ? handoff.token - 1 : handoff.token;
  const command = deskCommand(given, state, token, at);
  return stored(tx, caseId, rules.commandHandoff(state, handoff.id, command, actor, lineOf(state.line), at));
}

function open(tx: Tx<CaseState>, rules: Rules, caseId: string, { choice }: Command, now: Instant): Answer {
  // The newest version that intake has read of each name, or none: the built-in line.
  const known = lines.filter(({ ref }) => tx.inbox.has(`${topics.line}/${keyOf(ref)}`)).map(({ ref }) => ref);
  const newest = known.filter((ref) => !known.some((other) => other.name === ref.name && other.version > ref.version));
  const line = [...newest, newest[0] ?? builtinRef, builtinRef][choice % (newest.length + 2)] ?? builtinRef;
  const opening = {
    id: caseId,
    timeline: "wall",
    carrierCaseId: caseId,
    kind: "fault",
    severity: (["critical", "major", "minor"] as const)[choice % 3]!,
    title: "dead after update",
    channel: (["phone", "mail"] as const)[choice % 2]!,
    status: "acknowledged",
    line,
    lineReason: "named",
  } as const;
  const { state, messages } = rules.openCase(opening, rep, now);
  save(tx, caseId, state, messages);
  return { told: messages };
}

function publish(tx: Tx<CaseCrossing>, now: Instant): Answer {
  const next = lines.find(({ ref }) => !tx.answers.has(keyOf(ref)));
  if (next === undefined) return { refused: "limit_reached" };
  const { ref, document } = next;
  const data = { line: ref, document };
  const message = {
    topic: topics.line,
    key: keyOf(ref),
    sequence: 1,
    type: "line.published",
    time: now,
    timeline: "wall",
    data,
  };
  tx.answers.set(keyOf(ref), true);
  tx.append([message]);
  return { told: [message] };
}

function stored<State>(tx: Tx<State>, caseId: string, outcome: Outcome<State>): Answer {
  if (isRefused(outcome)) return { refused: outcome.refused.code };
  save(tx, caseId, outcome.state, outcome.messages);
  return { told: outcome.messages };
}

function actorOf({ kind, choice }: Command, state: CaseState): Actor {
  const vendor = state.handoff?.vendor ?? state.crossedTo.at(-1) ?? "orchard";
  const engineer = { party: vendor, person: "eng-4", automated: false };
  switch (kind) {
    case "auto-reply":
    case "automated-entry":
    case "automated-status":
      return program;
    case "vendor-entry":
      return engineer;
    case "foreign-entry":
      return { party: "mallory", automated: false };
    case "start-handling":
    case "beat":
    case "end-handling":
    case "answer":
    case "wait":
    case "work-on":
    case "severity":
    case "promise":
    case "end-promise":
      return choice % 4 === 0 && state.holder !== state.carrier ? engineer : rep;
    default:
      return rep;
  }
}

function caseCommand({ kind, number, choice }: Command, state: CaseState, at: Instant): CaseCommand {
  const mine = state.handlings.at(-1)?.id ?? "hd_none";
  const contact = { type: "contact", contactId: `ct_${number}`, channel: "phone" } as const;
  const entry = { type: "add-entry", entryId: `en_${number}`, by: "party", news: choice % 5 > 0 } as const;
  const said = (["fact", "note", "hypothesis"] as const)[choice % 3]!;
  switch (kind) {
    case "contact":
      return { ...contact, direction: "inbound", content: "inquiry" };
    case "answer":
      return { ...contact, direction: "outbound", content: "answer" };
    case "auto-reply":
      return { ...contact, direction: "outbound", content: choice % 2 === 0 ? "auto-reply" : "answer" };
    case "internal-entry":
      return { ...entry, kind: "note", audience: "internal", text: secret };
    case "start-handling":
      return { type: "start-handling", handlingId: `hd_${number}`, channel: "phone" };
    case "beat":
      return { type: "beat", handlingId: mine };
    case "end-handling":
      return { type: "end-handling", handlingId: mine };
    case "wait":
      return pending((["customer", "vendor", "carrier"] as const)[choice % 3]!, choice % 2 === 0 ? "PT4M" : undefined);
    case "automated-status":
      return choice % 2 === 0 ? pending("customer") : { type: "change-status", to: "inProgress" };
    case "work-on":
      return { type: "change-status", to: choice % 2 === 0 ? "inProgress" : "held" };
    case "resolve-case":
      return { type: "change-status", to: "resolved", fixCode: "reset" };
    case "end":
      return { type: "change-status", to: choice % 2 === 0 ? "cancelled" : "rejected" };
    case "cross":
      return { type: "cross", asOf: state.version, observing: lineOf(state.line).observe };
    case "stale-cross":
      return { type: "cross", asOf: Math.max(1, state.version - 3), observing: lineOf(state.line).observe };
    case "confirm":
      return { type: "confirm" };
    case "reopen":
      return { type: "reopen", reason: "still broken" };
    case "close":
      return { type: "close" };
    case "severity":
      return { type: "change-severity", to: (["critical", "major", "minor"] as const)[choice % 3]! };
    case "promise": {
      const until = formatInstant(at + (choice % 15) * 60_000);
      return { type: "promise", promiseId: `pr_${number}`, text: "a call", until };
    }
    case "end-promise":
      return endPromise(state, choice);
    default:
      return said === "fact"
        ? { ...entry, kind: "fact", audience: "partners", fact: { name: "light", value: "red" } }
        : { ...entry, kind: said, audience: "partners", text: "it does not start" };
  }
}

function pending(waitingOn: "customer" | "vendor" | "carrier", maximum?: string): CaseCommand {
  return { type: "change-status", to: "pending", note: "waits", waitingOn, maximum };
}

/** The last promise that is open is delivered or withdrawn. */
function endPromise({ promises = [] }: CaseState, choice: number): CaseCommand {
  const promiseId = promises.findLast((promise) => promise.state === "open")?.id ?? "pr_none";
  return choice % 3 === 0
    ? { type: "withdraw-promise", promiseId, reason: "not needed" }
    : { type: "deliver-promise", promiseId, evidence: "done" };
}

function deskCommand({ kind, choice }: Command, state: CaseCrossing, token: number, at: Instant) {
  switch (kind) {
    case "claim":
      return { type: "claim" } as const;
    case "renew":
      return { type: "renew", token } as const;
    case "release":
      return { type: "release", token } as const;
    case "reject":
      return { type: "reject", token, code: "not-our-fault" } as const;
    case "resolve":
      return { type: "resolve", token, fixCode: "reset" } as const;
    case "resolve-root":
      return { type: "resolve", token, fixCode: "reset", rootCause: "a bad batch" } as const;
    case "request-info":
      return { type: "request-info", token, code: "needs-log", items: ["log"] } as const;
    case "return": {
      const evidence = { test: "on a reference", result: "works", wouldChangeOurMind: "a log" };
      return { type: "return", token, code: "bad-data", ...(choice % 5 > 0 && { evidence }) } as const;
    }
    case "transfer":
      return {
        type: "transfer",
        token,
        code: "wrong-team",
        to: choice % 2 === 0 ? "quill.radio" : "orchard.tier2",
      } as const;
    default: {
      const { version } = state.material;
      return {
        type: "accept",
        token,
        engineer: ada,
        vendorCaseId: `V-${choice}`,
        nextStep: "reset",
        eta: formatInstant(at + 600_000),
        readBack: { problem: "dead", tried: "nothing" },
        dossierVersion: kind === "stale-accept" ? version - 1 : version,
      } as const;
    }
  }
}
