import { derivedId } from "@crossline/contracts";
import type { CaseDecision, CaseState } from "../case/case.ts";
import type { CaseTask, DueTask } from "../task/task.ts";
import { type IncidentReport, needsConsideration, reportsToIncident } from "./apply.ts";
import { incidentScopeKey, incidentScopeOf } from "./consider.ts";
import type { IncidentDecision, IncidentEffect } from "./incident.ts";

/** Returns the tasks of incidents that follow from a decision about a case. A new case has no state before the decision. */
export function incidentTasksOf(before: CaseState | undefined, decision: CaseDecision): readonly DueTask[] {
  const { id: caseId, timeline, carrier, incidentRule } = decision.state;
  const reports = before === undefined ? [] : reportsToIncident(before, decision);
  const tasks = reports.map(({ incidentId, report }): DueTask => ({
    timeline,
    subject: incidentId,
    task: { does: "incident", event: { is: "report", incidentId, report } },
  }));
  if (incidentRule === undefined || !needsConsideration(before, decision.state)) return tasks;
  const scope = incidentScopeOf(decision.state);
  if (scope === undefined) return tasks;
  // Alike cases are considered one after the other, so that two of them open no two incidents.
  const subject = derivedId("ic", timeline, carrier, incidentScopeKey(scope));
  return [...tasks, { timeline, subject, task: { does: "incident", event: { is: "consider", caseId } } }];
}

/** Returns the tasks that execute the effects of a decision about an incident. If a case refuses an effect, it reports the refusal. */
export function tasksOfIncident({ state, effects }: IncidentDecision): readonly DueTask[] {
  const { id: incidentId, timeline } = state;
  return effects.map((effect): DueTask => {
    const { caseId, actor, change } = effect;
    const report = reportIfRefused(effect);
    const whenRefused =
      report === undefined
        ? {}
        : ({ whenRefused: { does: "incident", event: { is: "report", incidentId, report } } } as const);
    const task: CaseTask = { does: "change-case", caseId, actor, change, ...whenRefused };
    return { timeline, subject: caseId, task };
  });
}

function reportIfRefused({ caseId, change, incidentMessageId }: IncidentEffect): IncidentReport | undefined {
  const refused = { is: "refused", caseId, reason: "The case refused the command." } as const;
  if (change.type === "lead-incident" || change.type === "join-incident")
    return { ...refused, change: { type: change.type } };
  if (incidentMessageId === undefined) return undefined;
  return { ...refused, change: { type: "write-message", incidentMessageId } };
}
