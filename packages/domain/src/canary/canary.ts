import type { DurationMs, Instant } from "@crossline/contracts";

/** How often a canary runs, and the time in which each run must reach its last stage. */
export type CanaryPlan = { readonly everyMs: DurationMs; readonly withinMs: DurationMs };

/**
 * The stage that a run must reach next. `send`: the door takes the inquiry. `acknowledge`: the acknowledgement arrives.
 * `read-back`: the case is open and its first-response clock runs. `close`: the case is closed.
 */
export type CanaryStage = "send" | "acknowledge" | "read-back" | "close";

/** A run in progress. `fault` is the reason why the last try of the stage failed. */
export type CanaryRun = {
  readonly runId: string;
  readonly startedAt: Instant;
  /** The last instant at which the run can reach its last stage in time. */
  readonly until: Instant;
  readonly stage: CanaryStage;
  readonly caseId?: string;
  readonly fault?: string;
};

/** The result of a run. `stage` is the stage that a missed run did not reach. */
export type CanaryResult = Omit<CanaryRun, "until" | "stage"> & { readonly endedAt: Instant } & (
    | { readonly outcome: "acknowledged" }
    | { readonly outcome: "missed"; readonly stage: CanaryStage }
  );

/** The state of a canary: the instant of the next run, the run in progress and the last result. */
export type CanaryState = {
  readonly dueAt: Instant;
  readonly run?: CanaryRun;
  readonly last?: CanaryResult;
};

/** The report of a try of a stage, with the id of the run. */
export type CanaryReport = { readonly runId: string } & (
  | { readonly is: "sent" }
  | { readonly is: "acknowledged"; readonly caseId: string }
  | { readonly is: "read-back" }
  | { readonly is: "closed" }
  | { readonly is: "failed"; readonly fault: string }
);

const reachedBy: Readonly<Record<Exclude<CanaryReport["is"], "failed">, CanaryStage>> = {
  sent: "send",
  acknowledged: "acknowledge",
  "read-back": "read-back",
  closed: "close",
};

const nextStage = { send: "acknowledge", acknowledge: "read-back", "read-back": "close" } as const;

/** Returns the state of a new canary, whose first run is due at once. */
export function newCanary(now: Instant): CanaryState {
  return { dueAt: now };
}

/** Starts the run that is due. If a run is in progress or no run is due, returns the state unchanged. */
export function startRun(state: CanaryState, plan: CanaryPlan, runId: string, now: Instant): CanaryState {
  if (state.run !== undefined || !isDue(state, plan, now)) return state;
  return { ...state, run: { runId, startedAt: now, until: now + plan.withinMs, stage: "send" } };
}

/**
 * Applies a report to the run in progress. A report about another run, or about a stage that the run does not wait for, changes
 * nothing. Every run therefore has exactly one result: `acknowledged` after its last stage, or `missed` once `now` is after
 * `until`.
 */
export function applyReport(state: CanaryState, plan: CanaryPlan, report: CanaryReport, now: Instant): CanaryState {
  const run = state.run && restart(state.run, plan, now);
  if (run === undefined || run.runId !== report.runId) return state;
  if (now > run.until)
    return endRun(state, plan, { ...ended(withFault(run, report), now), outcome: "missed", stage: run.stage }, now);
  if (report.is === "failed") return { ...state, run: { ...run, fault: report.fault } };
  if (reachedBy[report.is] !== run.stage) return { ...state, run };
  if (run.stage === "close") return endRun(state, plan, { ...ended(run, now), outcome: "acknowledged" }, now);
  const { fault: _, ...reached } = run;
  const found = report.is === "acknowledged" && { caseId: report.caseId };
  return { ...state, run: { ...reached, ...found, stage: nextStage[run.stage] } };
}

/**
 * Applies the acknowledgement that arrived by mail. The mail can arrive before the worker has saved that the run's mail was sent, so an
 * acknowledgement also counts as the stage `send`. An acknowledgement after the end of the run changes nothing, because the worker
 * ends and counts the run.
 */
export function acknowledgeRun(
  state: CanaryState,
  plan: CanaryPlan,
  { runId, caseId }: { readonly runId: string; readonly caseId: string },
  now: Instant,
): CanaryState {
  if (state.run?.runId !== runId || now > state.run.until) return state;
  const sent = applyReport(state, plan, { runId, is: "sent" }, now);
  return applyReport(sent, plan, { runId, is: "acknowledged", caseId }, now);
}

/** Applies a new plan. A run in progress keeps its end, and the next run is due at most `everyMs` from `now`. */
export function changePlan(state: CanaryState, plan: CanaryPlan, now: Instant): CanaryState {
  return { ...state, dueAt: Math.min(state.dueAt, now + plan.everyMs) };
}

/** Returns true if the canary's next run is due. After a jump of the clock into the past, a run that is too far away is due. */
function isDue({ dueAt }: CanaryState, { everyMs }: CanaryPlan, now: Instant): boolean {
  return dueAt <= now || dueAt > now + everyMs;
}

/** Returns the run with a new start if the clock has jumped to an instant before the old start. */
function restart(run: CanaryRun, { withinMs }: CanaryPlan, now: Instant): CanaryRun {
  return now >= run.startedAt ? run : { ...run, startedAt: now, until: now + withinMs };
}

function withFault(run: CanaryRun, report: CanaryReport): CanaryRun {
  return report.is === "failed" ? { ...run, fault: report.fault } : run;
}

function ended(run: CanaryRun, endedAt: Instant): Omit<CanaryRun, "until" | "stage"> & { readonly endedAt: Instant } {
  const { until: _, stage: __, ...rest } = run;
  return { ...rest, endedAt };
}

/** Ends the run. The next run is due at the first multiple of `everyMs` after `now`, so that late runs do not pile up. */
function endRun({ dueAt }: CanaryState, { everyMs }: CanaryPlan, last: CanaryResult, now: Instant): CanaryState {
  const periods = Math.floor((now - dueAt) / everyMs) + 1;
  return { dueAt: dueAt + periods * everyMs, last };
}
