import { type Instant, topics } from "@crossline/contracts";
import type { CaseDecision, CaseInput, CaseState } from "../case/case.ts";
import { applyWithoutWords } from "../case/apply-to-case.ts";
import { isReadByVendors, readingOf, accessChanges } from "./case-reading.ts";
import { deltaOf, dropEarlier, joinDeltas, addEarlier, restore, valuesAt } from "./earlier.ts";

/** A case as a vendor reads it whose last part ended at `at`. */
export type CaseView = { readonly at: Instant; readonly state: CaseState };

/** A vendor reads the case as of a record from there on; without a view it reads the whole case. */
export type CaseAccessChange = { readonly vendor: string; readonly view?: CaseView };

/** The case after a record, and the sights that the record changed. */
export type AccessDecision = { readonly state: CaseState; readonly changes: readonly CaseAccessChange[] };

// Records that overtook one another lie milliseconds apart: seven changes are exact, and one entry stands for all before them.
const earlierMax = 8;

/** Follows a decision of intake's own. A vendor whose part ended by it reads the case as the decision left it. */
export function accessAfterCommand(before: CaseState, after: CaseState): AccessDecision {
  const at = after.lastEventAt;
  return {
    state: keepEarlier(before, after, at),
    changes: changesOf(before, after, () => ({ at, state: withoutEarlier(after) })),
  };
}

/**
 * Follows a fact of routing or of the timer that intake has projected. A vendor whose part ended by it reads the case as of the fact's
 * own time, however late it was read.
 */
export function accessAfterEvent(
  before: CaseState,
  event: CaseInput,
  { state, messages }: CaseDecision,
): AccessDecision {
  const { time } = event;
  const at = Math.max(time, messages.at(-1)?.time ?? time);
  const kept = keepEarlier(before, state, at);
  const isHandoff = event.topic === topics.handoff;
  const view = (vendor: string): CaseView => {
    const then = stateAt(before, time);
    const isOwn = "vendor" in event.data && event.data.vendor === vendor;
    // The words of its own command go with it, unless entries that it may not read were numbered before them.
    if (!isHandoff || (isOwn && then === before))
      return { at: Math.max(time, state.lastEventAt), state: withoutEarlier(state) };
    const last = withoutEarlier(applyWithoutWords(then, event, time).state);
    return { at: Math.max(time, last.lastEventAt), state: last };
  };
  return {
    // The next record of this topic is later than this one.
    state: isHandoff && kept.earlier !== undefined ? { ...kept, earlier: dropEarlier(kept.earlier, time) } : kept,
    changes: changesOf(before, state, view),
  };
}

function changesOf(
  before: CaseState,
  after: CaseState,
  view: (vendor: string) => CaseView,
): readonly CaseAccessChange[] {
  if (before.reading === after.reading) return [];
  return accessChanges(readingOf(before), readingOf(after)).map(({ vendor, is }) =>
    is === "whole" ? { vendor } : { vendor, view: view(vendor) },
  );
}

/** The case as it was at an instant, as far back as it is kept; earlier rather than later. */
function stateAt(state: CaseState, at: Instant): CaseState {
  const back = valuesAt(state.earlier ?? [], at, joinDeltas<CaseState>);
  return back === undefined ? state : restore(state, back);
}

function keepEarlier(before: CaseState, after: CaseState, at: Instant): CaseState {
  if (after.reading === undefined) return after;
  const { earlier = [], ...state } = after;
  // What was before the first part began is in no vendor's view.
  if (!isReadByVendors(after.reading) || !isReadByVendors(readingOf(before)))
    return after.earlier === undefined ? after : state;
  const { earlier: _, ...was } = before;
  return { ...state, earlier: addEarlier(earlier, { at, was: deltaOf(was, state) }, earlierMax, joinDeltas) };
}

function withoutEarlier(state: CaseState): CaseState {
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
