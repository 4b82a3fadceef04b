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
