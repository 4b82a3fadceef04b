import { derivedId } from "@crossline/contracts";
import type { CaseCrossing, CrossingDecision, DeadlinePage, PageCause } from "./case-crossing.ts";

/** Returns the id of the page that the `roster.paged` with this sequence publishes. */
export function pageIdOf(caseId: string, sequence: number): string {
  return derivedId("pg", caseId, sequence);
}

// Notification abandons a page within an hour. If a case has more deadlines in that time, only the latest ones are kept.
const keptMax = 8;

/** Keeps the page that was published last, because it may reach no person. */
export function keepDeadlinePage(
  { state, messages }: CrossingDecision,
  cause: PageCause,
  tried: readonly string[],
): CrossingDecision {
  const page: DeadlinePage = { id: pageIdOf(state.caseId, state.sequence), cause, tried };
  return { state: { ...state, deadlinePages: [...(state.deadlinePages ?? []), page].slice(-keptMax) }, messages };
}

/** Returns the page with this id and the state without it, so that each page has its effect only once. */
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
