import { derivedId } from "@crossline/contracts";
import type { CaseCrossing, CrossingDecision, DeadlinePage, PageCause } from "./case-crossing.ts";

/** The id of the page that a `roster.paged` with this sequence is. */
export function pageIdOf(caseId: string, sequence: number): string {
  return derivedId("pg", caseId, sequence);
}

// A page is given up within an hour. A case with more deadlines than these in that time keeps the latest.
const keptMax = 8;

/** Keeps the page that was published last, in case that no person of it can be reached. */
export function keepDeadlinePage(
  { state, messages }: CrossingDecision,
  cause: PageCause,
  tried: readonly string[],
): CrossingDecision {
  const page: DeadlinePage = { id: pageIdOf(state.caseId, state.sequence), cause, tried };
  return { state: { ...state, deadlinePages: [...(state.deadlinePages ?? []), page].slice(-keptMax) }, messages };
}

/** The page with this id, and the state without it: the same page is acted on once. */
export function takeDeadlinePage(
  state: CaseCrossing,
  pageId: string,
): { readonly page: DeadlinePage; readonly rest: CaseCrossing } | undefined {
  const { deadlinePages = [], ...rest } = state;
  const page = deadlinePages.find(({ id }) => id === pageId);
  if (page === undefined) return undefined;
  const others = deadlinePages.filter((one) => one !== page);
  return { page, rest: others.length === 0 ? rest : { ...rest, deadlinePages: others } };
}
