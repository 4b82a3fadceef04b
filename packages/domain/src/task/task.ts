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

/**
 * A task about a problem. `deadline` and `offer` are the tasks of a problem's decision. `consider`: a case has had an event that can open a
 * problem, or match a known error.
 */
export type ProblemTaskCommand =
  | {
      readonly does: "problem";
      readonly problemId: string;
      readonly event:
        | { readonly type: "deadline"; readonly incarnation: number }
        | { readonly type: "offer"; readonly after?: string | undefined };
    }
  | {
      readonly does: "consider-problem";
      readonly caseId: string;
      /** The sequence of the event on the case topic. */
      readonly sequence: number;
      readonly why: "opened" | "reopened" | "root-cause" | "corrected";
    };

/** The work that intake has decided to do apart from the transaction of the decision, at once or at an instant. */
export type IntakeTask = CaseTask | ChangeTask | IncidentTask | ProblemTaskCommand;

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
