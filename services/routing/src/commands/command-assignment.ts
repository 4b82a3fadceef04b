import { type Refusal, refusal } from "@crossline/contracts";
import { type PoolCommand, type PoolDecision, commandAssignment } from "@crossline/domain";
import type { IdempotentOutcome } from "@crossline/idempotency";
import { findAssignment } from "../store/pool-assignments.ts";
import { type CaseCommand, type CommandDeps, type CommandRequest, actorOf, changeCase } from "./change-case.ts";

const noSuchAssignment: Refusal = refusal("not_found", "None of your pools has an assignment with this id.");

/** The pool and the assignment in the address of a request, and the command on the assignment. */
export type GivenAssignmentCommand = {
  readonly pool: string;
  readonly assignmentId: string;
  readonly command: PoolCommand;
};

/** Runs a command on an assignment of the caller's pool. `answer` makes the response from the decision. */
export async function runAssignmentCommand<Body>(
  deps: CommandDeps,
  commandRequest: CommandRequest,
  { pool, assignmentId, command }: GivenAssignmentCommand,
  answer: CaseCommand<Body, PoolDecision>["answer"],
): Promise<IdempotentOutcome<Body>> {
  const row = await findAssignment(deps.database, commandRequest.party, pool, assignmentId);
  if (row === undefined) return noSuchAssignment;
  const actor = actorOf(commandRequest);
  return changeCase(deps, commandRequest, row, {
    decide: (before, crossing, at) => commandAssignment(before, { assignmentId, command, actor }, crossing, at),
    answer,
  });
}
