import type { BoardRows } from "./board-rows.ts";

/**
 * The order in which a list shows its rows. While a person has the pointer over the list or the focus inside it, no row moves, appears or
 * disappears. The order counts the changes that wait, until it is released.
 */
export class ShownOrder {
  shown: readonly string[] = [];
  private readonly waiting = new Set<string>();
  private indexes: Map<string, number> | undefined;
  private readonly rows: BoardRows;

  constructor(rows: BoardRows) {
    this.rows = rows;
  }

  /** True while no row may move. */
  get isHeld(): boolean {
    return this.indexes !== undefined;
  }

  /** The number of rows whose appearance, disappearance or move waits. */
  get waitingCount(): number {
    return this.waiting.size;
  }

  /** Holds every row at its place. */
  hold(): void {
    this.indexes ??= indexesOf(this.shown);
  }

  /** Lets rows move again, at once. */
  release(): void {
    this.indexes = undefined;
    this.show();
  }

  /** Shows the present order once, and holds it again if it was held. */
  show(): void {
    this.shown = this.rows.ids();
    this.waiting.clear();
    if (this.indexes !== undefined) this.indexes = indexesOf(this.shown);
    this.rows.forget();
  }

  /** Notes that a row changed. */
  note(id: string, from: "page" | "stream" = "stream"): void {
    const { indexes } = this;
    if (indexes === undefined) return;
    const index = indexes.get(id);
    const place = this.rows.placeOf(id);
    if (index === undefined && place !== undefined && from === "page" && this.isAfterAll(place)) {
      // A row below all others moves no row.
      indexes.set(id, this.shown.length);
      this.shown = [...this.shown, id];
    } else if (this.isAtPlace(index, place)) this.waiting.delete(id);
    else this.waiting.add(id);
    // The list has never shown this row.
    if (index === undefined && place === undefined) this.rows.forget([id]);
  }

  private isAfterAll(place: string): boolean {
    return place > (this.placeAt(this.shown.length - 1) ?? "");
  }

  private isAtPlace(index: number | undefined, place: string | undefined): boolean {
    if (index === undefined || place === undefined) return index === undefined && place === undefined;
    const [before, after] = [this.placeAt(index - 1), this.placeAt(index + 1)];
    return (before === undefined || before < place) && (after === undefined || place < after);
  }

  private placeAt(index: number): string | undefined {
    const id = this.shown[index];
    return id === undefined ? undefined : this.rows.placeOf(id);
  }
}

function indexesOf(ids: readonly string[]): Map<string, number> {
  return new Map(ids.map((id, index) => [id, index]));
}
