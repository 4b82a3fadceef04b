import type { IntakeTask } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { changeCaseByTask } from "./case.ts";
import { runChangeTask } from "./change.ts";
import { considerProblem } from "./consider-problem.ts";
import type { TaskContext } from "./context.ts";
import { runIncidentTask } from "./incident.ts";
import { changeProblemByTask } from "./problem.ts";

/** Runs a task in the transaction that deletes it. Rejects if the task fails, so that the transaction rolls back. */
export function runTask(tx: Tx, task: IntakeTask, context: TaskContext): Promise<void> {
  switch (task.does) {
    case "change-case":
      return changeCaseByTask(tx, task, context);
    case "change":
      return runChangeTask(tx, task, context);
    case "incident":
      return runIncidentTask(tx, task, context);
    case "problem":
      return changeProblemByTask(tx, task, context);
    case "consider-problem":
      return considerProblem(tx, task, context);
  }
}
