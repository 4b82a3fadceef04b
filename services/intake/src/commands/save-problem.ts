import type { ProblemDecision, ProblemState } from "@crossline/domain";
import { appendToOutbox } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import { insertProblemChanges } from "../store/problem-changes.ts";
import { insertProblems, updateProblem } from "../store/problems.ts";
import { insertTasks } from "../store/tasks.ts";
import { tasksOfProblem } from "./problem-rows.ts";

/**
 * Saves a decision about a problem: its state, history, events and tasks. `before` is the locked state; absent for a new problem. The task
 * of an earlier deadline stays, and changes nothing when it runs.
 */
export async function saveProblem(tx: Tx, before: ProblemState | undefined, decision: ProblemDecision): Promise<void> {
  const { state, messages } = decision;
  if (messages.length === 0) return;
  await Promise.all([
    before === undefined ? insertProblems(tx, [state]) : updateProblem(tx, state),
    insertProblemChanges(tx, messages),
    appendToOutbox(tx, messages),
    insertTasks(tx, tasksOfProblem(decision)),
  ]);
}
