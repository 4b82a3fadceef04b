import { formatInstant } from "@crossline/contracts";
import {
  type AnnouncedChange,
  type CaseState,
  type ChangeTask,
  type DueTask,
  causesAt,
  passDeadline,
} from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { appendDecision } from "../commands/announce-change.ts";
import { hashesOf, toCause } from "../commands/possible-causes.ts";
import { findListed, findOpenCasesOf } from "../store/change-effects.ts";
import { lockChange, updateChange } from "../store/changes.ts";
import { insertTasks } from "../store/tasks.ts";
import type { TaskContext } from "./context.ts";

/** Runs a task of a change, in the transaction that deletes the task. A change that was withdrawn meanwhile has nothing left to do. */
export async function runChangeTask(tx: Tx, { changeId, event }: ChangeTask, context: TaskContext): Promise<void> {
  const state = await lockChange(tx, changeId);
  if (state === undefined || state.withdrawn !== undefined) return;
  if (event.is === "link-cases") return linkCases(tx, state, event.after, context);
  const decision = passDeadline(state, event, context.at);
  if (decision.messages.length === 0) return;
  await Promise.all([updateChange(tx, decision.state), appendDecision(tx, decision, {})]);
}

const casesMax = 200;

/**
 * Stores a task for each open case that the change can have caused, and a task for the next portion of cases. The link itself is a
 * command on the case, so that no transaction locks a change and a case.
 */
async function linkCases(tx: Tx, state: AnnouncedChange, after: string | undefined, { timeline, at }: TaskContext) {
  const cases = await findOpenCasesOf(tx, state, { after: after ?? "", limit: casesMax });
  const asked = state.scope.identities === undefined ? [] : cases.map((one, index) => listedQuery(state, one, index));
  const listed = await findListed(tx, asked);
  const causes = cases.filter((one, index) => {
    const isKnown = one.linkedChanges?.some(({ changeId }) => changeId === state.id) === true;
    const cause = toCause(state, listed.has(`${index} ${state.id}`));
    return !isKnown && causesAt([cause], one, at).length > 0;
  });
  const last = cases.length === casesMax ? cases.at(-1)?.id : undefined;
  const next: ChangeTask = { does: "change", changeId: state.id, event: { is: "link-cases", after: last } };
  await insertTasks(tx, [
    ...causes.map((one) => linkTask(one, state)),
    ...(last === undefined ? [] : [{ timeline, subject: state.id, task: next }]),
  ]);
}

function listedQuery({ id: changeId }: AnnouncedChange, { subject }: CaseState, index: number) {
  return { index, changeId, identities: hashesOf(subject) };
}

function linkTask(
  { id: caseId, carrier, timeline }: CaseState,
  { id: changeId, announcedAt }: AnnouncedChange,
): DueTask {
  const reason = `The change was announced at ${formatInstant(announcedAt)}, after the opening of the case.`;
  const change = { type: "link-change", changeId, reason } as const;
  const actor = { party: carrier, automated: true };
  return { timeline, subject: caseId, task: { does: "change-case", caseId, actor, change } };
}
