import { describe, expect, test } from "vitest";
import type { Counts } from "../src/rules/case-state.ts";
import { ordersOf } from "../src/rules/orders.ts";
import { restOf, addToRuns, totalOf } from "../src/rules/runs.ts";
import { type HistoryRow, fire, given, handoff, lineWith, offered, outbound, owed, robot } from "./given.ts";

const lines = [
  lineWith({
    mode: "cross",
    clocks: [
      { kind: "stall.idle", target: "PT1H", warnAt: [50] },
      { kind: "resolution", target: "PT4H", warnAt: [25, 50] },
    ],
  }),
];
const silence = { clock: "stall.idle", kind: "stall.idle" } as const;
const resolution = { clock: "resolution", kind: "resolution", incarnation: "case/1" } as const;
const note = (minutes: number, ...knew: readonly [] | readonly [Counts]): HistoryRow => [
  minutes,
  "case.contacted",
  outbound,
  ...knew,
];

describe("an order of two topics as runs", () => {
  test("grows record by record", () => {
    expect(addToRuns([], "case")).toEqual([1]);
    expect(addToRuns([], "handoff")).toEqual([0, 1]);
    expect(addToRuns([2], "case")).toEqual([3]);
    expect(addToRuns([2], "handoff")).toEqual([2, 1]);
    expect(addToRuns([0, 1], "case")).toEqual([0, 1, 1]);
    expect(totalOf([2, 1, 3])).toEqual({ case: 5, handoff: 1 });
  });

  test.each([
    [[3, 1], [2], [1, 1]],
    [
      [3, 1],
      [3, 1],
      [0, 0],
    ],
    [
      [2, 1, 1],
      [2, 1],
      [0, 0, 1],
    ],
    [[3], [2, 1], undefined],
    [[0, 2], [1], undefined],
    [[1], [2], undefined],
  ])("%j behind %j", (runs, beginning, rest) => {
    expect(restOf(runs, beginning)).toEqual(rest);
  });
});

describe("a clock fact tells in which order the timer applied records", () => {
  test("it may fire late, before it has read what would have prevented it", () => {
    const history = given(lines, [note(20)], "wall");
    expect(fire(history, 30, { ...silence, incarnation: "case/1", threshold: 50 }, [1])).toBe("as-expected");
    // The note has been applied since: it restarts stall.idle.
    expect(fire(history, 50, { ...silence, incarnation: "case/2", threshold: 50, sequence: 2 }, [1])).toBe(
      "as-expected",
    );
  });

  test("once it has applied the record, the same firing is unfounded", () => {
    const history = given(lines, [note(20)], "wall");
    expect(fire(history, 30, { ...silence, incarnation: "case/1", threshold: 50 }, [2])).toBe("unfounded");
  });

  const returned: readonly HistoryRow[] = [
    offered,
    [1, "handoff.accepted", handoff],
    [10, "handoff.returned", handoff, { case: 1, handoff: 2 }],
    note(10, { case: 1, handoff: 2 }),
  ];
  test("of two records that did not know of each other either can have come first", () => {
    const first = given(lines, returned);
    expect(fire(first, 40, { ...silence, incarnation: "case/2", threshold: 50 }, [1, 3, 1])).toBe("as-expected");
    const last = given(lines, returned);
    expect(fire(last, 40, { ...silence, incarnation: "handoff/3", threshold: 50 }, [1, 2, 1, 1])).toBe("as-expected");
    const wrong = given(lines, returned);
    expect(fire(wrong, 40, { ...silence, incarnation: "case/2", threshold: 50 }, [1, 2, 1, 1])).toBe("unfounded");
  });

  test("an order in which a record comes before what it knew of is unfounded", () => {
    const history = given(lines, [offered, note(10, { case: 1, handoff: 1 })]);
    expect(fire(history, 120, { ...resolution, threshold: 50 }, [2, 1])).toBe("unfounded");
  });

  test.each([
    ["of more records than the timer says that it had read", [3]],
    ["of none, although it had read some", [0]],
  ])("an order %s is unfounded", (_, order) => {
    const history = given(lines, [note(10)]);
    history.state.told = { case: 0, handoff: 0 };
    const read = { case: 2, handoff: 0 };
    expect(fire(history, 120, { ...resolution, threshold: 50, read }, order)).toBe("unfounded");
  });

  test.each(["cut", "none"] as const)("where it is %s the auditor compares no clock until it restarts", (order) => {
    const history = given(lines, [note(10)], "wall");
    const read = { case: 2, handoff: 0 };
    expect(fire(history, 41, { ...silence, incarnation: "case/2", threshold: 50, read }, order)).toBe("unsure");
    history.goOn(note(50));
    expect(fire(history, 81, { ...silence, incarnation: "case/3", threshold: 50, sequence: 2 }, [1])).toBe("unfounded");
  });
});

describe("what never came is missed where every order owes it", () => {
  const both: readonly HistoryRow[] = [
    offered,
    [1, "handoff.accepted", handoff],
    [10, "handoff.returned", handoff, { case: 1, handoff: 2 }],
    note(10, { case: 1, handoff: 2 }),
  ];
  test("and one that only some of them owe is not", () => {
    expect(owed(given(lines, both), 65, "stall.idle", "resolution")).toEqual(["resolution 25@60 case/1"]);
  });

  test("until a clock fact tells the order", () => {
    const history = given(lines, both);
    expect(owed(history, 59, "stall.idle")).toEqual([]);
    fire(history, 60, { ...resolution, threshold: 25 }, [1, 2, 1, 1]);
    expect(owed(history, 65, "stall.idle")).toEqual(["stall.idle 50@40 handoff/3"]);
  });

  test("each once", () => {
    const history = given(lines, []);
    expect(owed(history, 65, "resolution")).toHaveLength(1);
    expect(owed(history, 70, "resolution")).toEqual([]);
    expect(fire(history, 60, { ...resolution, threshold: 25 })).toBe("late");
  });

  const untold = (count: number): HistoryRow[] => [
    ...Array.from({ length: count }, (_, index): HistoryRow => [
      5,
      "handoff.claimed",
      handoff,
      { case: 1, handoff: index },
    ]),
    ...Array.from({ length: count }, (): HistoryRow => note(6, { case: 1, handoff: 0 })),
  ];
  test("eight records in any order are tried, more are too many", () => {
    const [eight, ten] = [given(lines, untold(4)), given(lines, untold(5))];
    expect(ordersOf(eight.state.tail, eight.state.ordered.applied)).toHaveLength(70);
    expect(ordersOf(ten.state.tail, ten.state.ordered.applied)).toBeUndefined();
    expect(owed(eight, 65, "resolution")).toHaveLength(1);
    expect(owed(ten, 65, "resolution")).toEqual([]);
  });
});

describe("what the tail cannot keep", () => {
  const beats = (count: number): HistoryRow[] =>
    Array.from({ length: count }, (_, index): HistoryRow => [
      index,
      "entry.added",
      { kind: "note", by: "party", actor: robot },
    ]);
  test("is applied as it was read, and a firing of before is still known", () => {
    const history = given(lines, beats(300));
    expect(history.state.tail).toHaveLength(64);
    expect(fire(history, 30, { ...silence, incarnation: "case/1", threshold: 50 }, [31])).toBe("as-expected");
    expect(fire(history, 60, { ...silence, incarnation: "case/1", sequence: 2 }, [30])).toBe("as-expected");
    expect(fire(history, 120, { ...resolution, threshold: 50, sequence: 3 }, [60])).toBe("as-expected");
  });

  test("a race that far behind is not compared", () => {
    const history = given(lines, [note(20), ...beats(70)], "wall");
    expect(fire(history, 30, { ...silence, incarnation: "case/1", threshold: 50 }, [1])).toBe("unsure");
  });
});
