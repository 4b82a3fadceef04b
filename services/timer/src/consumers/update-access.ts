import type { Instant } from "@crossline/contracts";
import {
  decide,
  isReadByVendors,
  updateReading,
  readingOf,
  addEarlier,
  accessChanges,
  valuesAt,
  withoutLaterFirings,
} from "@crossline/domain";
import type { VendorAccess } from "../store/case-parties.ts";
import type { Lines } from "../store/lines.ts";
import {
  type Clocks,
  type StoredAccess,
  type StoredClocks,
  type StoredView,
  readClocks,
  storeClocks,
} from "../store/stored-access.ts";
import type { CaseInput } from "./case-input.ts";

/** A record of a case, the clocks before and after the record, and now on the wall timeline. */
type AppliedRecord = {
  readonly event: CaseInput;
  readonly before: Clocks;
  readonly after: Clocks;
  readonly now: Instant;
};

type AccessUpdate = { readonly access: StoredAccess | undefined; readonly changes: readonly VendorAccess[] };

// The timer can apply records in an order that differs from the order of their times, but such records are only milliseconds apart.
// The timer therefore keeps only two earlier states, and uses the older state for every instant before the newer state.
const earlierMax = 2;
const older = (one: StoredClocks): StoredClocks => one;

/**
 * Updates the case access after a record. A former vendor reads the clocks as of the record that ended the vendor's part, even if the
 * timer applied later records first.
 */
export function updateAccess(access: StoredAccess | undefined, record: AppliedRecord, lines: Lines): AccessUpdate {
  const { event, before } = record;
  const { carrier, status, caseId } = before.state;
  const current = { carrier, status, ...(access !== undefined && { reading: access.reading }) };
  const { reading } = updateReading(current, event);
  if (reading === undefined) return { access, changes: [] };
  const changes = accessChanges(readingOf(current), reading).map(({ vendor, is }) =>
    is === "whole" ? { caseId, vendor } : { caseId, vendor, view: viewOf(access, record, lines) },
  );
  // The timer does not store states from before the first part of a vendor, because no vendor may read them.
  if (!isReadByVendors(reading) || !isReadByVendors(readingOf(current))) return { access: { reading }, changes };
  const earlier = { at: event.time, was: storeClocks(before, lines) };
  return { access: { reading, earlier: addEarlier(access?.earlier ?? [], earlier, earlierMax, older) }, changes };
}

function viewOf(access: StoredAccess | undefined, { event, after, now }: AppliedRecord, lines: Lines): StoredView {
  const { time } = event;
  const then = valuesAt(access?.earlier ?? [], time, older);
  const clocks = then === undefined ? after : applyAgain(readClocks(then, after.state, lines), event, lines, now);
  const at = Math.max(time, clocks.lastEventAt);
  return { at, ...storeClocks({ ...clocks, state: withoutLaterFirings(clocks.state, at) }, lines) };
}

/** Applies a late record to the clocks as of the record's time. */
function applyAgain({ state, lastEventAt }: Clocks, event: CaseInput, lines: Lines, now: Instant): Clocks {
  const decision = decide(state, event, lines.get(state.line), now);
  return { state: decision.state, lastEventAt: Math.max(lastEventAt, event.time) };
}
