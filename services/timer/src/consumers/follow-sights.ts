import type { Instant } from "@crossline/contracts";
import {
  decide,
  isReadByVendors,
  readOn,
  readingOf,
  remember,
  sightChanges,
  takenBack,
  withoutLaterFirings,
} from "@crossline/domain";
import type { PartySight } from "../store/case-parties.ts";
import type { Lines } from "../store/lines.ts";
import {
  type Clocks,
  type Sights,
  type StoredClocks,
  type StoredView,
  readClocks,
  storeClocks,
} from "../store/sights.ts";
import type { CaseInput } from "./case-input.ts";

/** A record of a case: the clocks before and after it, and the wall's present instant. */
type Applied = { readonly event: CaseInput; readonly before: Clocks; readonly after: Clocks; readonly now: Instant };

type Followed = { readonly sights: Sights | undefined; readonly changes: readonly PartySight[] };

// Records that overtook one another lie milliseconds apart: one state is exact, and the other stands for all before it.
const earlierMax = 2;
const older = (one: StoredClocks): StoredClocks => one;

/** Follows the readers of a case's clocks. A vendor whose part ended reads them as of the record that ended it, however late it came. */
export function followSights(sights: Sights | undefined, applied: Applied, lines: Lines): Followed {
  const { event, before } = applied;
  const { carrier, status, caseId } = before.state;
  const known = { carrier, status, ...(sights !== undefined && { reading: sights.reading }) };
  const { reading } = readOn(known, event);
  if (reading === undefined) return { sights, changes: [] };
  const changes = sightChanges(readingOf(known), reading).map(({ vendor, is }) =>
    is === "whole" ? { caseId, vendor } : { caseId, vendor, view: viewOf(sights, applied, lines) },
  );
  // What was before the first part began is in no vendor's view.
  if (!isReadByVendors(reading) || !isReadByVendors(readingOf(known))) return { sights: { reading }, changes };
  const was = { at: event.time, was: storeClocks(before, lines) };
  return { sights: { reading, earlier: remember(sights?.earlier ?? [], was, earlierMax, older) }, changes };
}

function viewOf(sights: Sights | undefined, { event, after, now }: Applied, lines: Lines): StoredView {
  const { time } = event;
  const then = takenBack(sights?.earlier ?? [], time, older);
  const clocks = then === undefined ? after : again(readClocks(then, after.state, lines), event, lines, now);
  const at = Math.max(time, clocks.lastEventAt);
  return { at, ...storeClocks({ ...clocks, state: withoutLaterFirings(clocks.state, at) }, lines) };
}

/** The record on the clocks as they were before the later records. */
function again({ state, lastEventAt }: Clocks, event: CaseInput, lines: Lines, now: Instant): Clocks {
  const decided = decide(state, event, lines.get(state.line), now);
  return { state: decided.state, lastEventAt: Math.max(lastEventAt, event.time) };
}
