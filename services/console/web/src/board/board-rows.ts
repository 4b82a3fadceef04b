import type { PresentedRow } from "@crossline/contracts";
import { idAt, indexOfPlace, placeOf } from "./places.ts";
import { type BoardFilters, type Sort, passes } from "./search.ts";

/** A row as the list shows it. A row that has left the board stays at its place until the list may change its order. */
export type BoardEntry = {
  readonly row: PresentedRow;
  readonly isGone: boolean;
  /** True after a command of this person, until the row includes its effect. */
  readonly isOld?: boolean;
};

/** A change of a row: a new state, or the end of its place on the board. */
export type RowChange =
  | { readonly kind: "row"; readonly row: PresentedRow }
  | { readonly kind: "gone"; readonly id: string; readonly position: number };

/**
 * The rows of a board in their order, merged from the pages of `GET /v1/board` and from the stream. Pages and the stream overtake each
 * other, so the state with the highest position counts.
 */
export class BoardRows {
  readonly entries = new Map<string, BoardEntry>();
  private readonly places: string[] = [];
  private readonly placeById = new Map<string, string>();
  /** The positions of rows that left while pages were still arriving. A page may have an older state of such a row. */
  private readonly left = new Map<string, number>();
  private seen: Set<string> | undefined;
  private readonly filters: BoardFilters;
  private readonly sort: Sort;

  constructor(filters: BoardFilters, sort: Sort) {
    this.filters = filters;
    this.sort = sort;
  }

  /** The number of rows on the board. */
  get count(): number {
    return this.places.length;
  }

  /** Returns the ids in their order. */
  ids(): string[] {
    return this.places.map(idAt);
  }

  /** Returns the place of a row, or undefined if the row is not on the board. */
  placeOf(id: string): string | undefined {
    return this.placeById.get(id);
  }

  /** Begins to read all pages. */
  beginPages(): void {
    this.seen = new Set();
  }

  /** Applies a change. Returns the id of the row if the row or its place changed. */
  apply(change: RowChange, from: "page" | "stream" = "stream"): string | undefined {
    const id = change.kind === "row" ? change.row.id : change.id;
    const position = change.kind === "row" ? change.row.position : change.position;
    if (from === "page") this.seen?.add(id);
    const known = this.entries.get(id);
    if (position <= Math.max(known?.row.position ?? -1, this.left.get(id) ?? -1)) return undefined;
    const isShown = change.kind === "row" && passes(change.row, this.filters);
    if (isShown) {
      this.left.delete(id);
      this.entries.set(id, { row: change.row, isGone: false });
      this.move(id, placeOf(change.row, this.sort));
      return id;
    }
    if (this.seen !== undefined) this.left.set(id, position);
    if (known === undefined) return undefined;
    const row = change.kind === "row" ? change.row : { ...known.row, position };
    this.entries.set(id, { row, isGone: true });
    this.move(id, undefined);
    return id;
  }

  /** Ends the reading of all pages, whose first had this position. Returns the ids of rows that no page has any more. */
  endPages(position: number): readonly string[] {
    const { seen } = this;
    this.seen = undefined;
    this.left.clear();
    if (seen === undefined) return [];
    const lost = [...this.placeById.keys()].filter((id) => {
      const entry = this.entries.get(id);
      return !seen.has(id) && entry !== undefined && entry.row.position <= position;
    });
    for (const id of lost) {
      const entry = this.entries.get(id);
      if (entry !== undefined) this.entries.set(id, { ...entry, isGone: true });
      this.move(id, undefined);
    }
    return lost;
  }

  /** Forgets a row that has left, after the list has removed it. */
  forget(id: string): void {
    if (this.entries.get(id)?.isGone === true) this.entries.delete(id);
  }

  private move(id: string, to: string | undefined): void {
    const from = this.placeById.get(id);
    if (from === to) return;
    if (from !== undefined) this.places.splice(indexOfPlace(this.places, from), 1);
    if (to === undefined) this.placeById.delete(id);
    else {
      this.places.splice(indexOfPlace(this.places, to), 0, to);
      this.placeById.set(id, to);
    }
  }
}
