import type { CaseTask } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { isRefusal } from "@crossline/service";
import type { CaseRequest } from "../commands/request.ts";
import { doUnitOfWork } from "../commands/unit-of-work.ts";
import { insertTasks } from "../store/tasks.ts";
import type { TaskContext } from "./context.ts";
import { withRefusal } from "./incident.ts";

/**
 * Runs a command on a case, in the transaction that deletes the task. If the case refuses the command, stores the task that the decision
 * named for this. A response is stored too, as for each command, and no client can read it.
 */
export async function changeCaseByTask(
  tx: Tx,
  { caseId, actor, change, whenRefused }: CaseTask,
  { timeline, subject, at, place, lines, mailDomain }: TaskContext,
): Promise<void> {
  const path = `task/${place}`;
  const request: CaseRequest = {
    idempotency: { party: actor.party, key: path, timeline, method: "POST", path, body: undefined },
    actor,
    origin: {},
    command: { type: "change", caseId, change },
  };
  const preloaded = { now: at, claims: [{ is: "new" as const }] };
  const { results, saving } = await doUnitOfWork(tx, [request], { lines, mailDomain, locked: "wait", preloaded });
  await saving;
  const [result] = results;
  if (result === undefined || result === "locked") throw new Error("a task that waited has no result");
  if (!isRefusal(result) || whenRefused === undefined) return;
  await insertTasks(tx, [{ timeline, subject, task: withRefusal(whenRefused, result) }]);
}
