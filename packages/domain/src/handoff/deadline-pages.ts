import { derivedId } from "@crossline/contracts";
import type { CaseCrossing, CrossingDecision, DeadlinePage, PageCause } from "./case-crossing.ts";

/** Returns the id of the page in the event `roster.paged` with this sequence. */
export function pageIdOf(caseId: string, sequence: number): string {
  return derivedId("pg", caseId, sequence);
}

// Notification abandons a page within an hour. If the deadlines of a case cause more than `keptMax` pages in this hour, routing
// keeps only the latest pages.
const keptMax = 8;

/** Stores the page that was published last. If the page reaches no person, routing must page the next roster. */
export function keepDeadlinePage(
  { state, messages }: CrossingDecision,
  cause: PageCause,
  tried: readonly string[],
): CrossingDecision {
  const page: DeadlinePage = { id: pageIdOf(state.caseId, state.sequence), cause, tried };
  return { state: { ...state, deadlinePages: [...(state.deadlinePages ?? []), page].slice(-keptMax) }, messages };
}

/**
 * Returns the page with this id, and the state without this page. A state without the page ignores a second report that the
 * page is unreachable.
 */
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
