import type { PresentedRow } from "@crossline/contracts";
import { indexOfPlace, placeOf } from "./places.ts";
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
  /** The ids at the places. */
  private readonly sorted: string[] = [];
  private readonly placeById = new Map<string, string>();
  private readonly gone = new Set<string>();
  /** A copy of the ids, or undefined after a move. */
  private order: readonly string[] | undefined;
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

  /** Returns the ids in their order. The result is the same array until a row moves. */
  ids(): readonly string[] {
    return (this.order ??= [...this.sorted]);
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
      this.gone.delete(id);
      this.entries.set(id, { row: change.row, isGone: false });
      this.move(id, placeOf(change.row, this.sort));
      return id;
    }
    if (this.seen !== undefined) this.left.set(id, position);
    if (known === undefined) return undefined;
    this.leave(id, change.kind === "row" ? change.row : { ...known.row, position });
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
      if (entry !== undefined) this.leave(id, entry.row);
    }
    return lost;
  }

  /** Forgets a row that has left, or all such rows, after the list has removed them. */
  forget(ids: Iterable<string> = this.gone): void {
    for (const id of ids) if (this.gone.delete(id)) this.entries.delete(id);
  }

  private leave(id: string, row: PresentedRow): void {
    this.gone.add(id);
    this.entries.set(id, { row, isGone: true });
    this.move(id, undefined);
  }

  private move(id: string, to: string | undefined): void {
    const from = this.placeById.get(id);
    if (from === to) return;
    this.order = undefined;
    if (from !== undefined) {
      const index = indexOfPlace(this.places, from);
      this.places.splice(index, 1);
      this.sorted.splice(index, 1);
    }
    if (to === undefined) this.placeById.delete(id);
    else {
      const index = indexOfPlace(this.places, to);
      this.places.splice(index, 0, to);
      this.sorted.splice(index, 0, id);
      this.placeById.set(id, to);
    }
  }
}
