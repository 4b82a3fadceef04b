import type { Instant } from "@crossline/contracts";
import type { CaseCrossing, CrossingView, Waits } from "@crossline/domain";

/** What a case waited for, as the version before wrote it. */
type WaitsBefore = {
  readonly open?: Extract<Waits, { for: "handoff" }>["handoff"];
  readonly paging?: Omit<Extract<Waits, { for: "page" }>, "for">;
  readonly calling?: Omit<Extract<Waits, { for: "last-resort" }>, "for">;
  readonly resolved?: Extract<Waits, { for: "confirmation" }>["handoff"];
};

/** A case as it lies in its row: in the present form, or in that of the version before. */
export type StoredCrossing = CaseCrossing | (Omit<CaseCrossing, "waits"> & WaitsBefore);

/**
 * Reads a row of either form; the next decision about the case writes the present one. A migration would rewrite every case under
 * a lock, while a replica of the version before still writes rows.
 */
export function readCrossing(stored: StoredCrossing): CaseCrossing {
  if ("waits" in stored) return stored;
  const { open: _, paging: __, calling: ___, resolved: ____, ...rest } = stored;
  return { ...rest, waits: waitsOf(stored) };
}

/** A cure could wait for its confirmation beside an offer that crossed it; that offer is what goes on. */
function waitsOf({ open, paging, calling, resolved }: WaitsBefore): Waits {
  if (open !== undefined) return { for: "handoff", handoff: open };
  if (paging !== undefined) return { for: "page", ...paging };
  if (calling !== undefined) return { for: "last-resort", ...calling };
  return resolved === undefined ? { for: "step" } : { for: "confirmation", handoff: resolved };
}

/** The view of a vendor whose last part ended, as it lies in its row: in either form. */
export type StoredView = { readonly at: Instant; readonly state: StoredCrossing };

export function readView(stored: StoredView | null): CrossingView | null {
  return stored && { ...stored, state: readCrossing(stored.state) };
}
