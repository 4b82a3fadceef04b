import type { DurationMs, Instant, ProblemStatus } from "@crossline/contracts";
import type { Investigation, ProblemState, ProblemTask } from "./problem.ts";

/** Returns the clock of a new problem. */
export function startInvestigation(withinMs: DurationMs, at: Instant): Investigation {
  return { incarnation: 1, withinMs, overdue: false, runs: true, dueAt: at + withinMs };
}

/** The clock runs while people investigate the cause. It rests at a known error, because the customers have a workaround. */
function isInvestigated(status: ProblemStatus): boolean {
  return status === "new" || status === "investigating";
}

/**
 * Returns the clock after a change of status. From a known error, the clock continues with the time that is left. A reopening of a
 * problem that was resolved or ended starts the next incarnation with the whole time.
 */
export function changeInvestigation(
  clock: Investigation,
  { from, to }: { readonly from: ProblemStatus; readonly to: ProblemStatus },
  at: Instant,
): Investigation {
  if (isInvestigated(from) === isInvestigated(to)) return clock;
  const { incarnation, withinMs, overdue } = clock;
  if (!isInvestigated(to))
    return {
      incarnation,
      withinMs,
      overdue,
      runs: false,
      leftMs: clock.runs ? Math.max(0, clock.dueAt - at) : clock.leftMs,
    };
  if (from !== "known-error")
    return { incarnation: incarnation + 1, withinMs, overdue: false, runs: true, dueAt: at + withinMs };
  return { incarnation, withinMs, overdue, runs: true, dueAt: at + (clock.runs ? 0 : clock.leftMs) };
}

/** Returns the task of a deadline that runs and is not overdue yet, if the change set it. */
export function deadlineTasks(
  before: Investigation | undefined,
  { investigation: clock }: ProblemState,
): ProblemTask[] {
  if (!clock.runs || clock.overdue) return [];
  const isSame = before?.runs === true && before.dueAt === clock.dueAt && before.incarnation === clock.incarnation;
  return isSame ? [] : [{ does: "deadline", incarnation: clock.incarnation, dueAt: clock.dueAt }];
}
