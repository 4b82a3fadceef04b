import { type PresentedProblem, type ProblemDetail, formatInstant } from "@crossline/contracts";
import { type ProblemState, scopeFields } from "@crossline/domain";
import type { CaseLabel } from "../store/case-labels.ts";
import type { ProblemCounts, listProblemCases } from "../store/problem-cases.ts";
import type { ProblemChangeRow } from "../store/problem-changes.ts";

/** Returns a problem as its carrier reads it in a list. */
export function presentProblem(state: ProblemState): PresentedProblem {
  const { id, title, status, source, scope, cases, openedAt, caseId, owner, investigation, knownError, rootCause } =
    state;
  return {
    id,
    title,
    status,
    source,
    ...scopeFields(scope),
    cases,
    openedAt: formatInstant(openedAt),
    ...(caseId !== undefined && { caseId }),
    ...(owner !== undefined && { owner }),
    ...(investigation.runs && { investigateBy: formatInstant(investigation.dueAt) }),
    overdue: investigation.overdue,
    ...(knownError !== undefined && { knownError: { ...knownError, since: formatInstant(knownError.since) } }),
    ...(rootCause !== undefined && { rootCause }),
  };
}

type Details = {
  readonly counts: ProblemCounts;
  readonly cases: Awaited<ReturnType<typeof listProblemCases>>;
  readonly changes: readonly ProblemChangeRow[];
  readonly labels: ReadonlyMap<string, CaseLabel>;
};

/** Returns a problem with its cases, counts and history. */
export function presentProblemDetail(state: ProblemState, { counts, cases, changes, labels }: Details): ProblemDetail {
  return {
    ...presentProblem(state),
    timeline: state.timeline,
    counts,
    linkedCases: cases.map(({ caseId, at, role, outcome }) => {
      return { caseId, ...labels.get(caseId), at: formatInstant(at), role, ...(outcome !== null && { outcome }) };
    }),
    history: changes.map(presentChange),
  };
}

function presentChange(row: ProblemChangeRow): ProblemDetail["history"][number] {
  const at = formatInstant(row.at);
  if (row.type === "problem.overdue") {
    const { actor, status, owner } = row.data;
    return { at, actor, change: "overdue", from: status, to: status, ...(owner !== undefined && { owner }) };
  }
  const { actor, change, from, to, owner, knownError, rootCause, caseId, reason } = row.data;
  return { at, actor, change, from, to, owner, knownError, rootCause, caseId, reason };
}
