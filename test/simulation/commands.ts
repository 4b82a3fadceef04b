import { type Instant, type Message, formatInstant, inquiryKind, topics } from "@crossline/contracts";
import {
  type CaseCrossing,
  type CaseState,
  type Outcome,
  builtinRef,
  isRefused,
  caseLineRules,
  openHandoffOf,
  waitFor,
} from "@crossline/domain";
import { actorOf, caseCommand, rep } from "./case-commands.ts";
import { ada, deskCommand, poolCommand, specialist } from "./desk-commands.ts";
import { depsUnder } from "./duty.ts";
import type { Command, CommandKind } from "./kinds.ts";
import { keyOf, lineOf, lines } from "./lines.ts";
import type { Rules } from "./rules.ts";
import { save } from "./service.ts";
import type { Tx } from "./store.ts";

/** The messages that a command published, or the code of its refusal. */
export type CommandResult = { readonly messages: readonly Message[] } | { readonly refused: string };

const routingCommands: ReadonlySet<CommandKind> = new Set([
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

/** Returns the service that decides a command. */
export function serviceOf({ kind }: Command): "intake" | "routing" {
  return routingCommands.has(kind) ? "routing" : "intake";
}

/** Returns the id of a case of a story. */
export function caseIdOf(seed: number, caseNumber: number): string {
  return `cs_${seed}${"ab"[caseNumber]}`;
}

/** The case of a command, and the rules and the instant with which the service decides. */
type CommandContext = { readonly caseId: string; readonly rules: Rules; readonly now: Instant };

/** Executes a command on a case in intake's transaction. */
export function executeAtIntake(tx: Tx<CaseState>, given: Command, deciding: CommandContext): CommandResult {
  const { caseId, rules, now } = deciding;
  const row = tx.cases.get(caseId);
  if (given.kind === "open") return row === undefined ? openCase(tx, given, deciding) : { refused: "already_exists" };
  if (row === undefined) return { refused: "not_found" };
  const { state } = row;
  const actor = actorOf(given, state);
  const at = Math.max(now, state.lastEventAt);
  const command = caseCommand(given, state, at);
  return saveOutcome(tx, caseId, rules.commandCase(state, command, actor, at));
}

/** Executes a command of a vendor's desk or of a paged person in routing's transaction. */
export function executeAtRouting(
  tx: Tx<CaseCrossing>,
  given: Command,
  { caseId, rules, now }: CommandContext,
): CommandResult {
  if (given.kind === "publish-line") return publishLine(tx, now);
  const state = tx.cases.get(caseId)?.state;
  if (state === undefined) return { refused: "not_found" };
  const at = Math.max(now, state.lastEventAt);
  const deps = depsUnder(lineOf(state.line));
  if (given.kind === "take")
    return saveOutcome(tx, caseId, rules.takeByPerson(state, { engineer: ada, actor: rep }, deps, at));
  const assignment = waitFor(state, "pool")?.assignment;
  if (assignment !== undefined) {
    const command = poolCommand(given, assignment);
    if (command === undefined) return { refused: "not_found" };
    const named = { assignmentId: assignment.id, command, actor: specialist };
    return saveOutcome(tx, caseId, rules.commandAssignment(state, named, deps, at));
  }
  const handoff = openHandoffOf(state);
  if (handoff === undefined) return { refused: "not_found" };
  if (given.kind === "inform") {
    const information = { handoffId: handoff.id, actor: rep, answer: "since yesterday" };
    return saveOutcome(tx, caseId, rules.answerQuestion(state, information, deps, at));
  }
  const actor = { party: handoff.vendor, person: "eng-4", automated: false };
  const token = given.kind === "stale-token" ? handoff.token - 1 : handoff.token;
  const command = deskCommand(given, state, token, at);
  return saveOutcome(tx, caseId, rules.commandHandoff(state, { handoffId: handoff.id, command, actor }, deps, at));
}

function openCase(tx: Tx<CaseState>, { choice }: Command, { caseId, rules, now }: CommandContext): CommandResult {
  // `newest` contains the newest version of each line that intake has read. If intake has read no line, the case gets the
  // built-in line.
  const read = lines.filter(({ ref }) => tx.inbox.has(`${topics.line}/${keyOf(ref)}`)).map(({ ref }) => ref);
  const newest = read.filter((ref) => !read.some((other) => other.name === ref.name && other.version > ref.version));
  const line = [...newest, newest[0] ?? builtinRef, builtinRef][choice % (newest.length + 2)] ?? builtinRef;
  const opening = {
    id: caseId,
    timeline: "wall",
    carrierCaseId: caseId,
    // The late first response of an inquiry takes the next line step.
    kind: choice % 5 === 0 ? inquiryKind : "fault",
    severity: (["critical", "major", "minor"] as const)[choice % 3]!,
    title: "dead after update",
    channel: (["phone", "mail"] as const)[choice % 2]!,
    status: "acknowledged",
    ...(choice % 3 > 0 && { device: { vendor: "orchard", os: "PocketOS 4.2" } }),
    line,
    lineReason: "named",
    ...(choice % 4 < 2 && { needBy: formatInstant(now + (2 + (choice % 23)) * 60_000) }),
    ...caseLineRules(lineOf(line)),
  } as const;
  const { state, messages } = rules.openCase(opening, rep, now);
  save(tx, caseId, { state, messages });
  return { messages };
}

function publishLine(tx: Tx<CaseCrossing>, now: Instant): CommandResult {
  const next = lines.find(({ ref }) => !tx.responses.has(keyOf(ref)));
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
  tx.responses.set(keyOf(ref), true);
  tx.append([message]);
  return { messages: [message] };
}

function saveOutcome<State>(tx: Tx<State>, caseId: string, outcome: Outcome<State>): CommandResult {
  if (isRefused(outcome)) return { refused: outcome.refused.code };
  save(tx, caseId, outcome);
  return { messages: outcome.messages };
}

/** Executes a command once for each idempotency key. A repeated request gets the same result. */
export function executeOnce(responses: Map<string, unknown>, key: string, execute: () => CommandResult): CommandResult {
  const former = responses.get(key) as CommandResult | undefined;
  if (former !== undefined) return former;
  const result = execute();
  responses.set(key, result);
  return result;
}

/** Describes a result for the narrative of a story. */
export function describeResult(result: CommandResult | undefined): string {
  if (result === undefined) return "no result";
  if ("refused" in result) return `refused, ${result.refused}`;
  return result.messages.length === 0
    ? "nothing to do"
    : result.messages.map(({ type, sequence }) => `${type} ${sequence}`).join(", ");
}
