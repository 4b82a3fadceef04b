import type { BoardPage } from "@crossline/contracts";
import { type BoardEntry, BoardRows, type RowChange } from "./board-rows.ts";
import type { BoardFilters, Sort } from "./search.ts";
import { ShownOrder } from "./shown-order.ts";

/** The list as it is shown at this moment. */
export type BoardList = {
  /** The ids of the rows in the order in which the list shows them. */
  readonly shown: readonly string[];
  /** The number of changes of the order that wait. */
  readonly waiting: number;
  /** The number of rows that pass the filters. */
  readonly total: number;
  /** True after all pages have arrived. */
  readonly isComplete: boolean;
};

const expectedWithinMs = 10_000;
const applyEveryMs = 100;
/** A browser runs the timers of a tab in the background rarely. */
const incomingMax = 2_000;

/** Why the order is held: the pointer is over the list, or the focus is inside it. */
export type HoldReason = "pointer" | "focus";

/**
 * The rows of one board for its components. A change of the stream is shown at once, and the changes of the next 100 ms together. At a
 * hundred changes a second, one rendering per frame took 71 % of a processor.
 */
export class BoardStore {
  private readonly rows: BoardRows;
  private readonly order: ShownOrder;
  private readonly listeners = new Set<() => void>();
  private readonly incoming = new Map<string, RowChange>();
  private readonly holds = new Set<HoldReason>();
  private list: BoardList = { shown: [], waiting: 0, total: 0, isComplete: false };
  private timer: ReturnType<typeof setTimeout> | undefined;
  private appliedAt = -applyEveryMs;
  private first: { readonly total: number; readonly position: number } | undefined;

  constructor(filters: BoardFilters, sort: Sort) {
    this.rows = new BoardRows(filters, sort);
    this.order = new ShownOrder(this.rows);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly readList = (): BoardList => this.list;

  /** Returns the ids of all rows that pass the filters, also of those whose appearance waits. */
  ids(): readonly string[] {
    return this.rows.ids();
  }

  /** Returns a row that the list shows. */
  entryOf(id: string): BoardEntry | undefined {
    return this.rows.entries.get(id);
  }

  /** Marks a row as old after a command, until the stream has its new state. */
  expectChange(id: string): void {
    const entry = this.rows.entries.get(id);
    if (entry === undefined) return;
    const marked = { ...entry, isOld: true };
    this.rows.entries.set(id, marked);
    this.publish();
    setTimeout(() => {
      if (this.rows.entries.get(id) !== marked) return;
      this.rows.entries.set(id, entry);
      this.publish();
    }, expectedWithinMs);
  }

  /** Takes a change of the stream, which the list shows within 100 ms. */
  receive(change: RowChange): void {
    this.incoming.set(change.kind === "row" ? change.row.id : change.id, change);
    if (this.incoming.size >= incomingMax) this.applyIncoming();
    else this.timer ??= setTimeout(() => this.applyIncoming(), this.appliedAt + applyEveryMs - performance.now());
  }

  /** Notes that a reading of all pages begins. Changes that arrive before its first page can be newer than that page. */
  beginReading(): void {
    this.rows.beginPages();
  }

  /** Takes a page of the board. The first page of a reading begins with `isFirst`. */
  takePage({ items, total, position, next }: BoardPage, isFirst: boolean): void {
    if (isFirst) {
      this.rows.beginPages();
      this.first = { total, position };
    }
    for (const row of items) {
      const id = this.rows.apply({ kind: "row", row }, "page");
      if (id !== undefined) this.order.note(id, "page");
    }
    const isComplete = next === undefined;
    if (isComplete) for (const id of this.rows.endPages(this.first?.position ?? 0)) this.order.note(id);
    this.publish(isComplete);
  }

  /** Holds the order, or ends a reason for it. Without any reason, the order changes at once. */
  hold(reason: HoldReason, isHeld: boolean): void {
    if (isHeld) this.holds.add(reason);
    else this.holds.delete(reason);
    if (this.holds.size > 0) this.order.hold();
    else if (this.order.isHeld) {
      this.order.release();
      this.publish();
    }
  }

  /** Shows the changes that wait. */
  showWaiting(): void {
    this.order.show();
    this.publish();
  }

  /** Cancels the timer that waits. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private applyIncoming(): void {
    this.stop();
    for (const change of this.incoming.values()) {
      const id = this.rows.apply(change);
      if (id !== undefined) this.order.note(id);
    }
    this.incoming.clear();
    this.appliedAt = performance.now();
    this.publish();
  }

  private publish(isComplete = this.list.isComplete): void {
    if (!this.order.isHeld) this.order.show();
    this.list = {
      shown: this.order.shown,
      waiting: this.order.waitingCount,
      total: isComplete ? this.rows.count : Math.max(this.rows.count, this.first?.total ?? 0),
      isComplete,
    };
    for (const notify of this.listeners) notify();
  }
}
