import type { Actor, Instant } from "@crossline/contracts";
import type { CaseCommand } from "../case/command.ts";
import type { ChangeTask } from "../change/task.ts";
import type { IncidentReport } from "../incident/apply.ts";

/** The commands that need data from intake's tables. A task contains no such data, because the data can change before the task runs. */
type CommandWithStoredData = Extract<
  CaseCommand,
  { type: "cross" | "add-entry" | "move" | "correct" | "link-change" | "lead-incident" }
>;

/** A command on one case. If the case refuses the command, nothing changes, and `whenRefused` runs next. */
export type CaseTask = {
  readonly does: "change-case";
  readonly caseId: string;
  readonly actor: Actor;
  readonly change:
    | Exclude<CaseCommand, CommandWithStoredData>
    | Omit<Extract<CaseCommand, { type: "cross" }>, "observing">
    | Omit<Extract<CaseCommand, { type: "lead-incident" }>, "observing">
    | { readonly type: "link-change"; readonly changeId: string; readonly reason: string };
  readonly whenRefused?: IntakeTask;
};

/** Considers a case for an incident, or applies the report of a case to its incident. */
export type IncidentTask = {
  readonly does: "incident";
  readonly event:
    | { readonly is: "consider"; readonly caseId: string }
    | { readonly is: "report"; readonly incidentId: string; readonly report: IncidentReport };
};

/** The work that intake has decided to do apart from the transaction of the decision, at once or at an instant. */
export type IntakeTask = CaseTask | ChangeTask | IncidentTask;

/**
 * A task with the time at which it is due; without `dueAt` it is due at once. Tasks with the same subject run in their order. The
 * subject is the id of the case, change, incident or problem that the task concerns.
 */
export type DueTask = {
  readonly timeline: string;
  readonly subject: string;
  readonly dueAt?: Instant | undefined;
  readonly task: IntakeTask;
};
