import { describe, expect, test } from "vitest";
import { BoardRows } from "../src/board/board-rows.ts";
import { ShownOrder } from "../src/board/shown-order.ts";
import { dueIn, row } from "./board-stream.ts";

const now = Date.parse("2026-03-07T14:00:00Z");
const due = (seconds: number) => dueIn(seconds, now);
const idOf = (id: string): string => row(id).id;
const boardOf = (...rows: readonly ReturnType<typeof row>[]) => {
  const board = new BoardRows({}, "due");
  board.beginPages();
  for (const one of rows) board.apply({ kind: "row", row: one }, "page");
  board.endPages(10);
  return board;
};

describe("rows merged from pages and the stream", () => {
  test("are in the order of their next breach, and rows without a clock are last", () => {
    const board = boardOf(row("c"), row("b", { due: due(60) }), row("a", { due: due(5) }), row("d"));
    expect(board.ids()).toEqual(["a", "b", "c", "d"].map(idOf));
  });

  test("do not return from a page that is older than their end, also if the end arrives before the page", () => {
    const board = new BoardRows({ severity: ["major"] }, "due");
    board.beginPages();
    board.apply({ kind: "gone", id: idOf("a"), position: 12 });
    board.apply({ kind: "row", row: row("b", { severity: "minor", position: 12 }) });
    board.beginPages();
    for (const name of ["a", "b", "c"]) board.apply({ kind: "row", row: row(name, { position: 11 }) }, "page");
    board.endPages(11);
    expect(board.ids()).toEqual([idOf("c")]);
  });

  test("sort an instant with milliseconds after one without", () => {
    const at = (text: string) => ({ clock: "stall.busy", at: text, charged: "northtel" });
    const board = boardOf(
      row("a", { due: at("2026-03-07T14:00:00.500Z") }),
      row("b", { due: at("2026-03-07T14:00:00Z") }),
    );
    expect(board.ids()).toEqual(["b", "a"].map(idOf));
  });

  test("keep the newer state if a page arrives after the stream", () => {
    const board = new BoardRows({}, "due");
    board.beginPages();
    board.apply({ kind: "row", row: row("a", { position: 20, phase: "claimed" }) });
    expect(board.apply({ kind: "row", row: row("a", { position: 8 }) }, "page")).toBeUndefined();
    board.endPages(10);
    expect(board.entries.get(idOf("a"))?.row.phase).toBe("claimed");
  });

  test("stay away if they left while an older page was on its way", () => {
    const board = new BoardRows({}, "due");
    board.beginPages();
    board.apply({ kind: "gone", id: idOf("a"), position: 20 });
    board.apply({ kind: "row", row: row("a", { position: 8 }) }, "page");
    board.apply({ kind: "row", row: row("b", { position: 9 }) }, "page");
    board.endPages(10);
    expect(board.ids()).toEqual([idOf("b")]);
  });

  test("leave after a reading that lacks them, unless the stream has a newer state", () => {
    const board = boardOf(row("a"), row("b"));
    board.beginPages();
    board.apply({ kind: "row", row: row("b", { position: 30 }) });
    board.apply({ kind: "row", row: row("c", { position: 15 }) }, "page");
    expect(board.endPages(20)).toEqual([idOf("a")]);
    expect(board.ids()).toEqual(["b", "c"].map(idOf));
  });

  test("leave when they no longer pass the filters, and return when they pass again", () => {
    const board = new BoardRows({ phase: ["offered"] }, "due");
    board.apply({ kind: "row", row: row("a", { phase: "offered", position: 1 }) });
    board.apply({ kind: "row", row: row("a", { phase: "claimed", position: 2 }) });
    expect([board.ids(), board.entries.get(idOf("a"))?.isGone]).toEqual([[], true]);
    board.apply({ kind: "row", row: row("a", { phase: "offered", position: 3 }) });
    expect([board.ids(), board.entries.get(idOf("a"))?.isGone]).toEqual([[idOf("a")], false]);
  });
});

describe("the shown order", () => {
  const shownOf = (...rows: readonly ReturnType<typeof row>[]) => {
    const board = boardOf(...rows);
    const order = new ShownOrder(board);
    order.show();
    const change = (given: Parameters<BoardRows["apply"]>[0], from: "page" | "stream" = "stream"): void => {
      const id = board.apply(given, from);
      if (id !== undefined) order.note(id, from);
    };
    return { board, order, change };
  };
  const three = () => shownOf(row("a", { due: due(10) }), row("b", { due: due(20) }), row("c", { due: due(30) }));

  test("moves no row while it is held, and counts a move, an arrival and a departure", () => {
    const { order, change } = three();
    order.hold();
    change({ kind: "row", row: row("c", { due: due(1), position: 2 }) });
    change({ kind: "row", row: row("d", { due: due(2), position: 3 }) });
    change({ kind: "gone", id: idOf("a"), position: 4 });
    expect(order.shown).toEqual(["a", "b", "c"].map(idOf));
    expect(order.waitingCount).toBe(3);
    order.show();
    expect(order.shown).toEqual(["c", "d", "b"].map(idOf));
    expect([order.waitingCount, order.isHeld]).toEqual([0, true]);
  });

  test("counts no change that keeps a row between its neighbours, and none that was undone", () => {
    const { order, change } = three();
    order.hold();
    change({ kind: "row", row: row("b", { due: due(25), position: 2 }) });
    expect(order.waitingCount).toBe(0);
    change({ kind: "row", row: row("b", { due: due(5), position: 3 }) });
    expect(order.waitingCount).toBe(1);
    change({ kind: "row", row: row("b", { due: due(15), position: 4 }) });
    expect(order.waitingCount).toBe(0);
  });

  test("appends a row of a page while it is held, because that moves no other row", () => {
    const { order, change } = three();
    order.hold();
    change({ kind: "row", row: row("d", { due: due(40) }) }, "page");
    change({ kind: "row", row: row("e", { due: due(15) }) }, "page");
    expect(order.shown).toEqual(["a", "b", "c", "d"].map(idOf));
    expect(order.waitingCount).toBe(1);
  });

  test("shows the present order when it is released, and forgets the rows that left", () => {
    const { board, order, change } = three();
    order.hold();
    change({ kind: "gone", id: idOf("a"), position: 4 });
    expect(board.entries.get(idOf("a"))?.isGone).toBe(true);
    order.release();
    expect(order.shown).toEqual(["b", "c"].map(idOf));
    expect(board.entries.has(idOf("a"))).toBe(false);
  });

  test("equals a complete sort after 2,000 random changes", () => {
    const { board, order, change } = shownOf();
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    const model = new Map<string, number>();
    for (let position = 2; position < 2_002; position++) {
      const name = `r${random(300)}x`;
      if (random(4) === 0) {
        change({ kind: "gone", id: idOf(name), position });
        model.delete(name);
      } else {
        const seconds = random(500);
        change({ kind: "row", row: row(name, { due: due(seconds), position }) });
        model.set(name, seconds);
      }
      if (random(50) === 0) order.hold();
      if (random(50) === 0) order.release();
    }
    order.release();
    const expected = [...model]
      .toSorted(([one, a], [other, b]) => a - b || (idOf(one) < idOf(other) ? -1 : 1))
      .map(([name]) => idOf(name));
    expect(order.shown).toEqual(expected);
    expect(board.entries.size).toBe(model.size);
  });
});
