import type { Instant } from "@crossline/contracts";
import { isUnsolved } from "../case/status.ts";
import { kindRules } from "../clock/kinds/all.ts";
import { takeNextStep } from "./next-step.ts";
import type { CrossingDecision } from "./case-crossing.ts";
import { takeDeadlinePage } from "./deadline-pages.ts";
import type { CrossingDeps } from "./deps.ts";
import { endPage, pageNextRoster } from "./pages.ts";
import { waitFor } from "./waits.ts";

/**
 * Reacts to a page that reaches no person. For an open page of a line step, the next line step follows at once, even if the
 * step has attempts left. For a deadline, routing pages the next roster that this deadline has not paged. An unreachable page
 * of the last resort has no effect, because the clock causes the next call. If the page has ended, or routing has already
 * reacted to the page, the report has no effect.
 */
export function reactToUnreachablePage(
  decision: CrossingDecision,
  pageId: string,
  deps: CrossingDeps,
  at: Instant,
): CrossingDecision {
  const { state, messages } = decision;
  const { next, status } = state;
  const page = waitFor(state, "page");
  if (page?.id === pageId) {
    if (!isUnsolved(status)) return decision;
    const beyond = next.step > page.step ? next : { step: page.step + 1, attempt: 0 };
    const ended = endPage({ state: { ...state, next: beyond }, messages });
    return takeNextStep(ended, deps, at, { reason: "unreachable" });
  }
  const taken = takeDeadlinePage(state, pageId);
  if (taken === undefined) return decision;
  const rest = { state: taken.rest, messages };
  const { cause, tried } = taken.page;
  if (cause.kind !== undefined && kindRules[cause.kind].pausesIn?.(status) === true) return rest;
  return pageNextRoster(rest, deps, at, { ...cause, tried });
}
