import { afterEach, expect, test, vi } from "vitest";
import { BoardStore } from "../src/board/board-store.ts";
import { page, row } from "./board-stream.ts";

afterEach(() => vi.unstubAllGlobals());

test("a tab in the background draws no frames, and still applies the changes before they use much memory", () => {
  vi.stubGlobal("requestAnimationFrame", () => 1);
  vi.stubGlobal("cancelAnimationFrame", () => undefined);
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
  const frames: (() => void)[] = [];
  vi.stubGlobal("requestAnimationFrame", (frame: () => void) => frames.push(frame));
  vi.stubGlobal("cancelAnimationFrame", () => undefined);
  const store = new BoardStore({}, "due");
  store.takePage(page([row("a", { position: 5 })]), true);
  store.beginReading();
  store.receive({ kind: "gone", id: row("a").id, position: 12 });
  for (const frame of frames) frame();
  expect(store.readList().shown).toEqual([]);
  store.takePage(page([row("a", { position: 5 }), row("b", { position: 11 })], { position: 11 }), true);
  expect(store.readList().shown).toEqual([row("b").id]);
});
