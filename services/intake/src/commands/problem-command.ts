import {
  type Actor,
  type Instant,
  type MessageOrigin,
  type Refusal,
  formatInstant,
  newId,
  isRefusal,
  type openProblemRequest,
  type problemResponse,
  refusal,
} from "@crossline/contracts";
import {
  type ProblemCommand,
  type ProblemDecision,
  type ProblemState,
  commandProblem,
  defaultInvestigationMs,
  isOpenProblem,
  isRefused,
  openProblem,
  scopeKey,
  scopeOfFields,
} from "@crossline/domain";
import type { CommandResponse } from "@crossline/idempotency";
import type { Tx } from "@crossline/postgres";
import type { z } from "zod";
import { findCarriersCases } from "../store/cases.ts";
import { insertProblemCases, isLinkedCase, removeProblemCase } from "../store/problem-cases.ts";
import { findOpenProblem, lockProblem, lockScope } from "../store/problems.ts";
import { saveProblem } from "./save-problem.ts";

/** A command on a problem, before intake has read whether its case belongs to the problem. */
export type GivenProblemCommand =
  | Exclude<ProblemCommand, { type: "link" | "unlink" }>
  | { readonly type: "link" | "unlink"; readonly caseId: string; readonly reason: string };

/** The actor of a command, and the trace of its request. The action log has the command itself. */
type CommandSender = { readonly actor: Actor; readonly origin: Pick<MessageOrigin, "traceparent"> };

type ProblemResponse = z.input<typeof problemResponse>;

const noSuchProblem = refusal("not_found", "You have no problem with this id.");
const noSuchCase = refusal("not_found", "You have no case with this id on the timeline of the problem.");

/** Opens a problem by hand. Refuses a scope that has an open problem, and cases that are not the carrier's. */
export async function openByHand(
  tx: Tx,
  body: z.output<typeof openProblemRequest>,
  by: CommandSender,
  at: Instant,
): Promise<CommandResponse<ProblemResponse> | Refusal> {
  const { actor } = by;
  const { timeline, title, owner, reason, cases } = body;
  const scope = scopeOfFields(body);
  const carrier = actor.party;
  const caseIds = [...new Set(cases)];
  const known = await findCarriersCases(tx, { carrier, timeline, caseIds });
  if (known.length < caseIds.length) return noSuchCase;
  const refused = await refuseTakenScope(tx, { scope, carrier, timeline });
  if (refused !== undefined) return refused;
  const id = newId("pb");
  const content = { id, timeline, title, scope, source: "by-hand", owner, reason, caseId: caseIds[0] } as const;
  const opened = openProblem(
    { ...content, cases: caseIds.length, investigateWithinMs: defaultInvestigationMs },
    actor,
    at,
  );
  await saveProblem(tx, undefined, traced(opened, by));
  await insertProblemCases(
    tx,
    caseIds.map((caseId) => ({ problemId: id, role: "linked", caseId, at })),
  );
  return { status: 201, body: presentChanged(opened.state) };
}

/** Decides a command on a problem and saves the decision. A problem of another carrier is unknown. */
export async function changeProblem(
  tx: Tx,
  { problemId, command }: { readonly problemId: string; readonly command: GivenProblemCommand },
  by: CommandSender,
  now: Instant,
): Promise<CommandResponse<ProblemResponse> | Refusal> {
  const { actor } = by;
  const before = await lockProblem(tx, problemId);
  if (before?.carrier !== actor.party) return noSuchProblem;
  const at = Math.max(now, before.lastEventAt);
  const complete = await completeCommand(tx, before, command);
  if (isRefusal(complete)) return complete;
  const outcome = commandProblem(before, complete, actor, at);
  if (isRefused(outcome)) return outcome.refused;
  if (isOpenProblem(outcome.state) && !isOpenProblem(before)) {
    const refused = await refuseTakenScope(tx, before);
    if (refused !== undefined) return refused;
  }
  await saveProblem(tx, before, traced(outcome, by));
  if (outcome.messages.length > 0) await saveLink(tx, before, { command: complete, at });
  return { status: 200, body: presentChanged(outcome.state) };
}

async function completeCommand(
  tx: Tx,
  { id, carrier, timeline }: ProblemState,
  command: GivenProblemCommand,
): Promise<ProblemCommand | Refusal> {
  if (!("caseId" in command)) return command;
  const { caseId } = command;
  const known = await findCarriersCases(tx, { carrier, timeline, caseIds: [caseId] });
  if (known.length === 0) return noSuchCase;
  return { ...command, isLinked: await isLinkedCase(tx, id, caseId) };
}

async function saveLink(
  tx: Tx,
  { id: problemId }: ProblemState,
  { command, at }: { readonly command: ProblemCommand; readonly at: Instant },
): Promise<void> {
  if (command.type === "link")
    await insertProblemCases(tx, [{ problemId, role: "linked", caseId: command.caseId, at }]);
  if (command.type === "unlink") await removeProblemCase(tx, problemId, command.caseId);
}

async function refuseTakenScope(
  tx: Tx,
  { scope, carrier, timeline }: Pick<ProblemState, "scope" | "carrier" | "timeline">,
): Promise<Refusal | undefined> {
  const key = scopeKey(scope);
  if (key === undefined) return undefined;
  await lockScope(tx, { carrier, timeline }, key);
  const taken = await findOpenProblem(tx, { carrier, timeline }, key);
  if (taken === undefined) return undefined;
  const detail = `The problem ${taken.id} already exists for this scope, and is ${taken.status}.`;
  return refusal("already_exists", detail, { facts: { problemId: taken.id } });
}

function presentChanged({ id, status, sequence: version, lastEventAt, investigation }: ProblemState): ProblemResponse {
  const by = investigation.runs ? { investigateBy: formatInstant(investigation.dueAt) } : {};
  return { id, status, version, at: formatInstant(lastEventAt), ...by };
}

function traced(decision: ProblemDecision, { origin: { traceparent } }: CommandSender): ProblemDecision {
  if (traceparent === undefined) return decision;
  return { ...decision, messages: decision.messages.map((message) => ({ ...message, traceparent })) };
}
