import type { PresentedRow } from "@crossline/contracts";
import type { Sort } from "./search.ts";

// The earliest timeline begins in 1900, before the epoch.
const offset = 3_000_000_000_000;
const never = "9".repeat(15);

/** Returns the place of a row in an order, as a text that sorts by the instant and then by the id, as `GET /v1/board` does. */
export function placeOf(row: PresentedRow, sort: Sort): string {
  const at = sort === "opened" ? row.openedAt : row[sort]?.at;
  const instant = at === undefined ? never : String(Date.parse(at) + offset).padStart(15, "0");
  return `${instant}${row.id}`;
}

/** Returns the index of a place in sorted places, or the index at which it belongs. */
export function indexOfPlace(places: readonly string[], place: string): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle] ?? "") < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
