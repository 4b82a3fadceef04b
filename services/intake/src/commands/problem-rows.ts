import { type CaseEvent, type Instant, type ProblemEvent, timelineKind } from "@crossline/contracts";
import {
  type CaseState,
  type DueTask,
  type ProblemDecision,
  type ProblemScope,
  type ProblemState,
  type ProblemTaskCommand,
  canDecideOutcome,
  scopeKey,
} from "@crossline/domain";
import { appendToOutbox } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import {
  type OutcomeRow,
  type ProblemCaseRow,
  insertProblemCases,
  linkMissing,
  saveOutcomes,
} from "../store/problem-cases.ts";
import { insertProblemChanges } from "../store/problem-changes.ts";
import { insertProblems } from "../store/problems.ts";
import { insertTasks } from "../store/tasks.ts";

type MissingScope = Extract<ProblemScope, { is: "missing-item" }>;
type Consideration = Extract<ProblemTaskCommand, { does: "consider-problem" }>;
type OpenedProblem = { readonly state: ProblemState; readonly scope: MissingScope; readonly since: Instant };

// On the wall timeline, a case can be opened while another transaction records a known error. Neither sees the other, so intake reads
// the open cases a second time.
const secondReadMs = 30_000;

/** Returns the tasks of a decision about a problem. */
export function tasksOfProblem({ state, tasks }: ProblemDecision): DueTask[] {
  const { id: problemId, timeline, lastEventAt } = state;
  const common = { timeline, subject: problemId };
  return tasks.flatMap((task): DueTask[] => {
    if (task.does === "deadline") {
      const { incarnation, dueAt } = task;
      return [{ ...common, dueAt, task: { does: "problem", problemId, event: { type: "deadline", incarnation } } }];
    }
    const offer = {
      ...common,
      task: { does: "problem", problemId, event: { type: "offer", after: task.after } },
    } as const;
    if (timelineKind(timeline) !== "wall" || task.after !== undefined) return [offer];
    return [offer, { ...offer, dueAt: lastEventAt + secondReadMs }];
  });
}

/**
 * Creates an empty collection of the rows about problems that one batch adds: new problems, their cases, the outcomes of workarounds, and
 * tasks.
 */
export function createProblemRows() {
  const opened: OpenedProblem[] = [];
  const cases: ProblemCaseRow[] = [];
  const outcomes: OutcomeRow[] = [];
  const tasks: DueTask[] = [];
  const messages: ProblemEvent[] = [];

  function consider({ key: caseId, timeline, sequence }: CaseEvent, why: Consideration["why"]): void {
    tasks.push({ timeline, subject: caseId, task: { does: "consider-problem", caseId, sequence, why } });
  }

  return {
    /** Adds a new problem about an item that the cases of a channel have lacked since an instant. */
    open(decision: ProblemDecision, scope: MissingScope, since: Instant): void {
      opened.push({ state: decision.state, scope, since });
      messages.push(...decision.messages);
      tasks.push(...tasksOfProblem(decision));
    },

    /** Adds a case that belongs to a problem. */
    link: (row: Omit<ProblemCaseRow, "role">): void => void cases.push({ ...row, role: "linked" }),

    /** Adds the task that finds out whether the symptom of a new case has returned. */
    considerOpening: (opening: CaseEvent): void => consider(opening, "opened"),

    /** Adds the rows and tasks that an event of a case causes. `state` is the state of the case after the event. */
    add(event: CaseEvent, state: CaseState): void {
      const { key: caseId, time: at, type, data } = event;
      if (type === "known-error.matched") cases.push({ problemId: data.problemId, role: "offered", caseId, at });
      if (state.canary !== undefined) return;
      if (state.knownErrors !== undefined && canDecideOutcome(event))
        for (const { problemId, outcome } of state.knownErrors)
          if (outcome !== undefined) outcomes.push({ problemId, caseId, outcome });
      if (type === "case.reopened" && state.symptom !== undefined) consider(event, "reopened");
      if (type === "case.resolved" && state.joint !== undefined && data.rootCause !== undefined)
        consider(event, "root-cause");
      if (type === "case.corrected" && (data.symptom !== undefined || data.device !== undefined))
        consider(event, "corrected");
    },

    /** Saves all rows. Intake sends all statements without a wait between them. */
    async save(tx: Tx): Promise<void> {
      await Promise.all([
        insertProblems(
          tx,
          opened.map(({ state }) => state),
        ),
        ...opened.map(({ state, scope, since }) => {
          const { id: problemId, timeline, carrier } = state;
          return linkMissing(tx, { problemId, timeline, carrier, ...scope, scopeKey: scopeKey(scope) ?? "", since });
        }),
        insertProblemCases(tx, cases),
        saveOutcomes(tx, outcomes),
        insertProblemChanges(tx, messages),
        appendToOutbox(tx, messages),
        insertTasks(tx, tasks),
      ]);
    },
  };
}
