import { type Instant, topics } from "@crossline/contracts";
import type { CaseDecision, CaseInput, CaseState } from "../case/case.ts";
import { applyWithoutWords } from "../case/apply-to-case.ts";
import { isReadByVendors, readingOf, accessChanges } from "./case-reading.ts";
import { deltaOf, dropEarlier, joinDeltas, addEarlier, restore, valuesAt } from "./earlier.ts";

/** The case as of `at`, the instant at which a vendor's last role ended. */
export type CaseView = { readonly at: Instant; readonly state: CaseState };

/** A change of a vendor's case access at intake. Without `view`, the vendor reads the whole case. */
export type CaseAccessChange = { readonly vendor: string; readonly view?: CaseView };

/** The case after a record, and the changes of case access. */
export type AccessDecision = { readonly state: CaseState; readonly changes: readonly CaseAccessChange[] };

// Records that overtake each other are only milliseconds apart. The last seven changes have one element each, and the oldest
// element joins all changes before them.
const earlierMax = 8;

/**
 * Returns the case access after a decision of intake. If the decision ends a vendor's role, this vendor reads the case as it is
 * after the decision.
 */
export function accessAfterCommand(before: CaseState, after: CaseState): AccessDecision {
  const at = after.lastEventAt;
  return {
    state: keepEarlier(before, after, at),
    changes: changesOf(before, after, () => ({ at, state: withoutEarlier(after) })),
  };
}

/**
 * Returns the case access after an event of routing or of the timer that intake has applied. If the event ends a vendor's role,
 * this vendor reads the case as of that event, even if intake read the event late.
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
    // The view includes the text of the vendor's own command. But if intake has added entries after the end of the role and
    // before the entry of this text, the view leaves out the text.
    if (!isHandoff || (isOwn && then === before))
      return { at: Math.max(time, state.lastEventAt), state: withoutEarlier(state) };
    const last = withoutEarlier(applyWithoutWords(then, event, time).state);
    return { at: Math.max(time, last.lastEventAt), state: last };
  };
  return {
    // The next record of the hand-off topic has a later time, so states before `time` can be dropped.
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

/** Returns the case as of an instant. If the state at `at` is no longer stored, returns an earlier state. */
function stateAt(state: CaseState, at: Instant): CaseState {
  const back = valuesAt(state.earlier ?? [], at, joinDeltas<CaseState>);
  return back === undefined ? state : restore(state, back);
}

function keepEarlier(before: CaseState, after: CaseState, at: Instant): CaseState {
  if (after.reading === undefined) return after;
  const { earlier = [], ...state } = after;
  // No view needs a state from before the first role of a vendor.
  if (!isReadByVendors(after.reading) || !isReadByVendors(readingOf(before)))
    return after.earlier === undefined ? after : state;
  const { earlier: _, ...was } = before;
  return { ...state, earlier: addEarlier(earlier, { at, was: deltaOf(was, state) }, earlierMax, joinDeltas) };
}

function withoutEarlier(state: CaseState): CaseState {
  const { earlier: _, ...rest } = state;
  return rest;
}

/**
 * Returns the view, with the state that the vendor's own promises have now. The vendor reads the present state of the promises that were open
 * when its role ended, and of its later promises.
 */
export function withOwnPromises({ state }: CaseView, now: CaseState, party: string): CaseState {
  const otherPromises = (state.promises ?? []).filter(({ promisor }) => promisor !== party);
  const ownPromises = (now.promises ?? []).filter(({ promisor }) => promisor === party);
  return ownPromises.length === 0 && otherPromises.length === (state.promises ?? []).length
    ? state
    : { ...state, promises: [...otherPromises, ...ownPromises] };
}
