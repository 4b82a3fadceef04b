import { type Instant, topics } from "@crossline/contracts";
import type { CaseDecision, CaseInput, CaseState } from "../case/case.ts";
import { projectUnspoken } from "../case/project.ts";
import { isReadByVendors, readingOf, sightChanges } from "./case-reading.ts";
import { deltaOf, forget, joinDeltas, remember, restore, takenBack } from "./earlier.ts";

/** A case as a vendor reads it whose last part ended at `at`. */
export type CaseView = { readonly at: Instant; readonly state: CaseState };

/** A vendor reads the case as of a record from there on; without a view it reads the whole case. */
export type CaseSightChange = { readonly vendor: string; readonly view?: CaseView };

/** The case after a record, and the sights that the record changed. */
export type Sighted = { readonly state: CaseState; readonly changes: readonly CaseSightChange[] };

// Records that overtook one another lie milliseconds apart: seven changes are exact, and one entry stands for all before them.
const earlierMax = 8;

/** Follows a decision of intake's own. A vendor whose part ended by it reads the case as the decision left it. */
export function sightAfterCommand(before: CaseState, after: CaseState): Sighted {
  const at = after.lastEventAt;
  return {
    state: keepEarlier(before, after, at),
    changes: changesOf(before, after, () => ({ at, state: bare(after) })),
  };
}

/**
 * Follows a fact of routing or of the timer that intake has projected. A vendor whose part ended by it reads the case as of the fact's
 * own time, however late it was read.
 */
export function sightAfterFact(before: CaseState, event: CaseInput, { state, messages }: CaseDecision): Sighted {
  const { time } = event;
  const at = Math.max(time, messages.at(-1)?.time ?? time);
  const kept = keepEarlier(before, state, at);
  const isHandoff = event.topic === topics.handoff;
  const view = (vendor: string): CaseView => {
    const then = asOf(before, time);
    const isOwn = "vendor" in event.data && event.data.vendor === vendor;
    // The words of its own command go with it, unless entries that it may not read were numbered before them.
    if (!isHandoff || (isOwn && then === before)) return { at: Math.max(time, state.lastEventAt), state: bare(state) };
    const last = bare(projectUnspoken(then, event, time).state);
    return { at: Math.max(time, last.lastEventAt), state: last };
  };
  return {
    // The next record of this topic is later than this one.
    state: isHandoff && kept.earlier !== undefined ? { ...kept, earlier: forget(kept.earlier, time) } : kept,
    changes: changesOf(before, state, view),
  };
}

function changesOf(
  before: CaseState,
  after: CaseState,
  view: (vendor: string) => CaseView,
): readonly CaseSightChange[] {
  if (before.reading === after.reading) return [];
  return sightChanges(readingOf(before), readingOf(after)).map(({ vendor, is }) =>
    is === "whole" ? { vendor } : { vendor, view: view(vendor) },
  );
}

/** The case as it was at an instant, as far back as it is kept; earlier rather than later. */
function asOf(state: CaseState, at: Instant): CaseState {
  const back = takenBack(state.earlier ?? [], at, joinDeltas<CaseState>);
  return back === undefined ? state : restore(state, back);
}

function keepEarlier(before: CaseState, after: CaseState, at: Instant): CaseState {
  if (after.reading === undefined) return after;
  const { earlier = [], ...state } = after;
  // What was before the first part began is in no vendor's view.
  if (!isReadByVendors(after.reading) || !isReadByVendors(readingOf(before)))
    return after.earlier === undefined ? after : state;
  const { earlier: _, ...was } = before;
  return { ...state, earlier: remember(earlier, { at, was: deltaOf(was, state) }, earlierMax, joinDeltas) };
}

function bare(state: CaseState): CaseState {
  const { earlier: _, ...rest } = state;
  return rest;
}

/** A promise that was open at its promisor's end, or was made later, is the promisor's to read as it is now. */
export function withOwnPromises({ state }: CaseView, now: CaseState, party: string): CaseState {
  const others = (state.promises ?? []).filter(({ promisor }) => promisor !== party);
  const own = (now.promises ?? []).filter(({ promisor }) => promisor === party);
  return own.length === 0 && others.length === (state.promises ?? []).length
    ? state
    : { ...state, promises: [...others, ...own] };
}
