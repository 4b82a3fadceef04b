import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BoardStore } from "../src/board/board-store.ts";
import { page, row } from "./board-stream.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("a change is shown at once, and the changes of the next 100 ms together", () => {
  const store = new BoardStore({}, "due");
  store.takePage(page([]), true);
  let renderings = 0;
  store.subscribe(() => (renderings += 1));
  store.receive({ kind: "row", row: row("a", { position: 11 }) });
  vi.advanceTimersByTime(0);
  expect([renderings, store.readList().shown]).toEqual([1, [row("a").id]]);
  for (const id of ["b", "c", "d"]) store.receive({ kind: "row", row: row(id, { position: 12 }) });
  vi.advanceTimersByTime(99);
  expect(renderings).toBe(1);
  vi.advanceTimersByTime(1);
  expect([renderings, store.readList().shown.length]).toEqual([2, 4]);
});

test("a tab in the background runs no timers, and still applies the changes before they use much memory", () => {
  const store = new BoardStore({}, "due");
  store.takePage(page([]), true);
  for (let change = 0; change < 1_000; change += 1)
    store.receive({ kind: "row", row: row(`n${change}.`, { position: 11 }) });
  expect(store.readList().total).toBe(0);
  for (let change = 0; change < 5_000; change += 1) {
    const one = row(`x${change}.`, { position: 12 });
    store.receive({ kind: "row", row: one });
    store.receive({ kind: "gone", id: one.id, position: 13 });
  }
  expect(store.readList().total).toBeGreaterThanOrEqual(1_000);
});

test("a row that leaves while the board is read again does not return from an older page", () => {
  const store = new BoardStore({}, "due");
  store.takePage(page([row("a", { position: 5 })]), true);
  store.beginReading();
  store.receive({ kind: "gone", id: row("a").id, position: 12 });
  vi.advanceTimersByTime(100);
  expect(store.readList().shown).toEqual([]);
  store.takePage(page([row("a", { position: 5 }), row("b", { position: 11 })], { position: 11 }), true);
  expect(store.readList().shown).toEqual([row("b").id]);
});
