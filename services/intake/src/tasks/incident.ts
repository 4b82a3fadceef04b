import { type Refusal, newId } from "@crossline/contracts";
import {
  type CaseState,
  type IncidentDecision,
  type IncidentTask,
  type IntakeTask,
  applyToIncident,
  detectIncident,
  incidentLimits,
  incidentScopeKey,
  incidentScopeOf,
  joinByDetection,
  refuseJoining,
  tasksOfIncident,
} from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { findCandidate, findCandidates, insertCandidate } from "../store/incident-candidates.ts";
import { type AlikeScope, insertIncident, lockIncident, lockOpenIncident, updateIncident } from "../store/incidents.ts";
import { insertTasks } from "../store/tasks.ts";
import type { TaskContext } from "./context.ts";

/** Runs a task of an incident, in the transaction that deletes the task. The transaction locks no case. */
export async function runIncidentTask(tx: Tx, { event }: IncidentTask, { at }: TaskContext): Promise<void> {
  if (event.is === "consider") return considerCase(tx, event.caseId, at);
  const state = await lockIncident(tx, event.incidentId);
  if (state === undefined) throw new Error(`a case reports to ${event.incidentId}, which does not exist`);
  return saveIncident(tx, applyToIncident(state, event.report, at));
}

/** Saves a decision about an incident that the transaction has locked, and the tasks that execute its effects. */
async function saveIncident(tx: Tx, decision: IncidentDecision): Promise<void> {
  await Promise.all([updateIncident(tx, decision.state), insertTasks(tx, tasksOfIncident(decision))]);
}

/** Adds a case to the open incident of its scope. Opens an incident if enough alike cases were opened in the window of its line. */
async function considerCase(tx: Tx, caseId: string, at: number): Promise<void> {
  const state = await findCandidate(tx, caseId);
  const scope = state === undefined ? undefined : incidentScopeOf(state);
  // The case was solved, has joined an incident or has crossed since it was opened.
  if (state?.incidentRule === undefined || scope === undefined || refuseJoining(state) !== undefined) return;
  const { timeline, carrier, openedAt, incidentRule: rule } = state;
  const alike: AlikeScope = { timeline, carrier, scopeKey: incidentScopeKey(scope) };
  await insertCandidate(tx, alike, state);
  const open = await lockOpenIncident(tx, alike);
  if (open !== undefined) return saveIncident(tx, joinByDetection(open, { caseId, openedAt }, at));
  const window = { from: openedAt - rule.withinMs, to: openedAt, limit: incidentLimits.members + 1 };
  const cases = (await findCandidates(tx, alike, window)).filter(isStillAlike(alike));
  const found = {
    timeline,
    carrier,
    scope,
    rule,
    cases: cases.map((one) => ({ caseId: one.id, openedAt: one.openedAt })),
  };
  const decision = detectIncident(newId("ic"), found, at);
  if (decision === undefined) return;
  const isNew = await insertIncident(tx, decision.state);
  if (!isNew) throw new Error("another transaction has opened the incident; the worker retries the task");
  await insertTasks(tx, tasksOfIncident(decision));
}

function isStillAlike({ scopeKey }: AlikeScope) {
  return (state: CaseState): boolean => {
    const scope = incidentScopeOf(state);
    return scope !== undefined && incidentScopeKey(scope) === scopeKey && refuseJoining(state) === undefined;
  };
}

/** Returns the task with the reason of the refusal, if the task reports a refusal to an incident. */
export function withRefusal(task: IntakeTask, { detail }: Refusal): IntakeTask {
  if (task.does !== "incident" || task.event.is !== "report" || task.event.report.is !== "refused") return task;
  return { ...task, event: { ...task.event, report: { ...task.event.report, reason: detail } } };
}
