import { type Instant, newId } from "@crossline/contracts";
import {
  type CaseState,
  type Line,
  type ProblemOpening,
  type ProblemScope,
  type ProblemState,
  type ProblemTaskCommand,
  commandProblem,
  defaultInvestigationMs,
  isRefused,
  keysOfCase,
  openProblem,
  scopeKey,
  titleOf,
} from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { saveProblem } from "../commands/save-problem.ts";
import { readCaseState } from "../store/cases.ts";
import { insertProblemCases } from "../store/problem-cases.ts";
import { findKnownErrors, findOpenProblem, lockProblem } from "../store/problems.ts";
import { findReturned, hasFixedCase, insertReturned } from "../store/returned-symptoms.ts";
import { insertTasks } from "../store/tasks.ts";
import type { TaskContext } from "./context.ts";
import { missingOf } from "./problem.ts";

type Context = Pick<TaskContext, "at" | "lines">;

/** Finds out whether an event of a case opens a problem, or gives the case a workaround. The transaction locks no case. */
export async function considerProblem(
  tx: Tx,
  { caseId, why, sequence }: Extract<ProblemTaskCommand, { does: "consider-problem" }>,
  context: Context,
): Promise<void> {
  const state = await readCaseState(tx, caseId);
  if (state === undefined) throw new Error("a task is about a case that intake does not have");
  const line = await lineOf(tx, state, context);
  switch (why) {
    case "root-cause":
      return openByRootCause(tx, state, line, context.at);
    case "corrected":
      return matchAgain(tx, state);
    case "reopened":
    case "opened":
      return considerReturn(tx, state, { line, isReopened: why === "reopened", sequence, at: context.at });
  }
}

async function lineOf(tx: Tx, { line: ref }: CaseState, { lines }: Context): Promise<Line | undefined> {
  await lines.load(tx, [ref]);
  return lines.find(ref)?.line;
}

type Return = {
  readonly line: Line | undefined;
  readonly isReopened: boolean;
  readonly sequence: number;
  readonly at: Instant;
};

/** Counts a symptom that returned. If the count reaches the limit of the line, opens a problem. */
async function considerReturn(tx: Tx, state: CaseState, { line, isReopened, sequence, at }: Return): Promise<void> {
  const { id: caseId, timeline, carrier } = state;
  const rule = line?.problems;
  const scope = symptomScope(state);
  const key = scope && scopeKey(scope);
  if (rule?.returned === undefined || scope === undefined || key === undefined) return;
  const since = at - (rule.withinMs ?? Infinity);
  if (!isReopened && !(await hasFixedCase(tx, { caseId, symptom: scope.symptom, since }))) return;
  await insertReturned(tx, { timeline, carrier, scopeKey: key, at, caseId, sequence });
  const open = await findOpenProblem(tx, { carrier, timeline }, key);
  if (open !== undefined) return insertProblemCases(tx, [{ problemId: open.id, role: "linked", caseId, at }]);
  const returned = await findReturned(tx, { timeline, carrier, scopeKey: key, since });
  if (returned.length < rule.returned) return;
  const { investigateWithinMs } = rule;
  const opening = { scope, source: "returned", cases: returned.length, investigateWithinMs } as const;
  await openForCases(tx, state, { opening, cases: returned, at });
}

/** Opens a problem with the root cause of a joint case. If the scope has an open problem, adds the case and its root cause there. */
async function openByRootCause(tx: Tx, state: CaseState, line: Line | undefined, at: Instant): Promise<void> {
  const { id: caseId, carrier, timeline, rootCause } = state;
  if (rootCause === undefined) return; // The case was reopened, which removed its root cause.
  const scope: ProblemScope = symptomScope(state) ?? { is: "cases" };
  const key = scopeKey(scope);
  const open = key === undefined ? undefined : await findOpenProblem(tx, { carrier, timeline }, key);
  if (open !== undefined) return addRootCause(tx, open.id, { caseId, carrier, rootCause, at });
  const investigateWithinMs = line?.problems?.investigateWithinMs ?? defaultInvestigationMs;
  const opening = { scope, source: "joint-case", cases: 1, investigateWithinMs, rootCause } as const;
  await openForCases(tx, state, { opening, cases: [{ caseId, at }], at });
}

type RootCause = {
  readonly caseId: string;
  readonly carrier: string;
  readonly rootCause: string;
  readonly at: Instant;
};

async function addRootCause(tx: Tx, problemId: string, { caseId, carrier, rootCause, at }: RootCause): Promise<void> {
  await insertProblemCases(tx, [{ problemId, role: "linked", caseId, at }]);
  const locked = await lockProblem(tx, problemId);
  if (locked === undefined || locked.rootCause !== undefined) return; // A person's root cause stays.
  const actor = { party: carrier, automated: true };
  const outcome = commandProblem(
    locked,
    { type: "set-root-cause", rootCause },
    actor,
    Math.max(at, locked.lastEventAt),
  );
  if (!isRefused(outcome)) await saveProblem(tx, locked, outcome);
}

type NewProblem = {
  readonly opening: Pick<ProblemOpening, "scope" | "source" | "cases" | "investigateWithinMs" | "rootCause">;
  readonly cases: readonly { readonly caseId: string; readonly at: Instant }[];
  readonly at: Instant;
};

async function openForCases(tx: Tx, state: CaseState, { opening, cases, at }: NewProblem): Promise<void> {
  const { id: caseId, carrier, timeline } = state;
  const problemId = newId("pb");
  const content = { id: problemId, timeline, title: titleOf(opening.scope), caseId, ...opening };
  await saveProblem(tx, undefined, openProblem(content, { party: carrier, automated: true }, at));
  await insertProblemCases(
    tx,
    distinctCases(cases).map((one) => ({ problemId, role: "linked", ...one })),
  );
}

/** A symptom can return several times in one case, and the case belongs to the problem once. */
function distinctCases(cases: NewProblem["cases"]): NewProblem["cases"] {
  return [...new Map(cases.map((one) => [one.caseId, one])).values()];
}

/** A case whose symptom or device was corrected can match other known errors. */
async function matchAgain(tx: Tx, state: CaseState): Promise<void> {
  const { id: caseId, carrier, timeline } = state;
  const known = await findKnownErrors(tx, {
    carrier,
    timeline,
    keys: keysOfCase({ ...state, missing: missingOf(state) }),
  });
  const actor = { party: carrier, automated: true };
  await insertTasks(
    tx,
    known.flatMap(({ id: problemId, knownError }: ProblemState) => {
      if (knownError === undefined) return [];
      const { workaround, fixCode } = knownError;
      const change = { type: "match-known-error", problemId, workaround, fixCode } as const;
      return [{ timeline, subject: caseId, task: { does: "change-case", caseId, actor, change } as const }];
    }),
  );
}

type SymptomScope = Extract<ProblemScope, { is: "symptom" }>;

/** Returns the scope of the cases with the symptom and device of a case; undefined for a case without a symptom. */
function symptomScope({ symptom, device: { vendor, model } = {} }: CaseState): SymptomScope | undefined {
  if (symptom === undefined) return undefined;
  return { is: "symptom", symptom, ...(vendor !== undefined && { vendor }), ...(model !== undefined && { model }) };
}
