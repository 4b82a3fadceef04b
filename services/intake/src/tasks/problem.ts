import {
  type CaseState,
  type DueTask,
  type ProblemState,
  type ProblemTaskCommand,
  isInScope,
  missingItems,
  reachDeadline,
} from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { saveProblem } from "../commands/save-problem.ts";
import { findOfferable, offersPerTask } from "../store/offerable-cases.ts";
import { lockProblem } from "../store/problems.ts";
import { insertTasks } from "../store/tasks.ts";
import type { TaskContext } from "./context.ts";

/** Runs a task that a decision about a problem named, in the transaction that deletes the task. */
export async function changeProblemByTask(
  tx: Tx,
  { problemId, event }: Extract<ProblemTaskCommand, { does: "problem" }>,
  { at }: Pick<TaskContext, "at">,
): Promise<void> {
  const state = await lockProblem(tx, problemId);
  if (state === undefined) throw new Error("a task is about a problem that intake does not have");
  if (event.type === "offer") return offerWorkaround(tx, state, event.after);
  await saveProblem(tx, state, reachDeadline(state, event.incarnation, Math.max(at, state.lastEventAt)));
}

/**
 * Gives the workaround of a known error to the open cases of its scope, after the case `after`. Each case gets it by a command of its own,
 * so that this transaction locks no case.
 */
async function offerWorkaround(tx: Tx, state: ProblemState, after: string | undefined): Promise<void> {
  const { id: problemId, carrier, timeline, knownError, status } = state;
  if (status !== "known-error" || knownError === undefined) return;
  const cases = await findOfferable(tx, { carrier, timeline, scope: state.scope, problemId, after });
  const { workaround, fixCode } = knownError;
  const change = { type: "match-known-error", problemId, workaround, fixCode } as const;
  const actor = { party: carrier, automated: true };
  const tasks = cases
    .filter((one) => isCaseOf(state, one))
    .map(({ id: caseId }): DueTask => {
      return { timeline, subject: caseId, task: { does: "change-case", caseId, actor, change } };
    });
  const last = cases.length === offersPerTask ? cases.at(-1)?.id : undefined;
  const next: DueTask[] =
    last === undefined
      ? []
      : [{ timeline, subject: problemId, task: { does: "problem", problemId, event: { type: "offer", after: last } } }];
  await insertTasks(tx, [...tasks, ...next]);
}

/** The scope of linked cases selects no case, and the query has found the linked cases. */
function isCaseOf({ scope }: ProblemState, one: CaseState): boolean {
  return scope.is === "cases" || isInScope(scope, { ...one, missing: missingOf(one) });
}

/** Returns the names of the items that a case lacks now. */
export function missingOf({ requires = [], facts = [], ...one }: CaseState): string[] {
  return missingItems(requires, { ...one, facts }).map(({ item }) => item);
}
