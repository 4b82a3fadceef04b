import { describe, expect, test } from "vitest";
import type { Counts } from "../src/rules/case-state.ts";
import { ordersOf } from "../src/rules/orders.ts";
import { restOf, addToRuns, totalOf } from "../src/rules/runs.ts";
import {
  type HistoryRow,
  fire,
  createHistory,
  handoff,
  lineWith,
  offered,
  outbound,
  missedFirings,
  program,
} from "./history.ts";

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

describe("a list of run lengths gives the order of records on two topics", () => {
  test("`addToRuns` adds one record to the end of an order", () => {
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
  ])("`restOf` returns the rest of order %j after %j", (runs, beginning, rest) => {
    expect(restOf(runs, beginning)).toEqual(rest);
  });
});

describe("the auditor applies the order in a clock event", () => {
  test("the auditor accepts a firing if the timer had not yet applied the event that prevents the firing", () => {
    const history = createHistory(lines, [note(20)], "wall");
    expect(fire(history, 30, { ...silence, incarnation: "case/1", threshold: 50 }, [1])).toBe("as-expected");
    // The timer has applied the note after the first firing. The note restarts stall.idle.
    expect(fire(history, 50, { ...silence, incarnation: "case/2", threshold: 50, sequence: 2 }, [1])).toBe(
      "as-expected",
    );
  });

  test("the auditor reports a firing as unfounded if the timer had already applied the event that prevents the firing", () => {
    const history = createHistory(lines, [note(20)], "wall");
    expect(fire(history, 30, { ...silence, incarnation: "case/1", threshold: 50 }, [2])).toBe("unfounded");
  });

  const returned: readonly HistoryRow[] = [
    offered,
    [1, "handoff.accepted", handoff],
    [10, "handoff.returned", handoff, { case: 1, handoff: 2 }],
    note(10, { case: 1, handoff: 2 }),
  ];
  test("if neither of two records is a cause of the other, both orders are possible", () => {
    const first = createHistory(lines, returned);
    expect(fire(first, 40, { ...silence, incarnation: "case/2", threshold: 50 }, [1, 3, 1])).toBe("as-expected");
    const last = createHistory(lines, returned);
    expect(fire(last, 40, { ...silence, incarnation: "handoff/3", threshold: 50 }, [1, 2, 1, 1])).toBe("as-expected");
    const wrong = createHistory(lines, returned);
    expect(fire(wrong, 40, { ...silence, incarnation: "case/2", threshold: 50 }, [1, 2, 1, 1])).toBe("unfounded");
  });

  test("a firing is unfounded if its order puts a record before the record's cause", () => {
    const history = createHistory(lines, [offered, note(10, { case: 1, handoff: 1 })]);
    expect(fire(history, 120, { ...resolution, threshold: 50 }, [2, 1])).toBe("unfounded");
  });

  test.each([
    ["if the order has more records than the timer had read", [3]],
    ["if the order has no record, although the timer had read one", [0]],
  ])("a firing is unfounded %s", (_, order) => {
    const history = createHistory(lines, [note(10)]);
    history.state.told = { case: 0, handoff: 0 };
    const read = { case: 2, handoff: 0 };
    expect(fire(history, 120, { ...resolution, threshold: 50, read }, order)).toBe("unfounded");
  });

  test.each(["cut", "none"] as const)(
    "if the order is %s, the auditor does not compare a clock until the clock restarts",
    (order) => {
      const history = createHistory(lines, [note(10)], "wall");
      const read = { case: 2, handoff: 0 };
      expect(fire(history, 41, { ...silence, incarnation: "case/2", threshold: 50, read }, order)).toBe("unsure");
      history.append(note(50));
      expect(fire(history, 81, { ...silence, incarnation: "case/3", threshold: 50, sequence: 2 }, [1])).toBe(
        "unfounded",
      );
    },
  );
});

describe("a firing is missed only if it is expected in every order", () => {
  const both: readonly HistoryRow[] = [
    offered,
    [1, "handoff.accepted", handoff],
    [10, "handoff.returned", handoff, { case: 1, handoff: 2 }],
    note(10, { case: 1, handoff: 2 }),
  ];
  test("the judge does not report a firing that is expected only in some orders", () => {
    expect(missedFirings(createHistory(lines, both), 65, "stall.idle", "resolution")).toEqual([
      "resolution 25@60 case/1",
    ]);
  });

  test("when a clock event publishes the order, the judge reports an undecided firing as missed", () => {
    const history = createHistory(lines, both);
    expect(missedFirings(history, 59, "stall.idle")).toEqual([]);
    fire(history, 60, { ...resolution, threshold: 25 }, [1, 2, 1, 1]);
    expect(missedFirings(history, 65, "stall.idle")).toEqual(["stall.idle 50@40 handoff/3"]);
  });

  test("the judge reports each missed firing once, and a later firing is late", () => {
    const history = createHistory(lines, []);
    expect(missedFirings(history, 65, "resolution")).toHaveLength(1);
    expect(missedFirings(history, 70, "resolution")).toEqual([]);
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
  test("the judge tries all orders of eight records, and tries no order of ten records", () => {
    const [eight, ten] = [createHistory(lines, untold(4)), createHistory(lines, untold(5))];
    expect(ordersOf(eight.state.tail, eight.state.ordered.applied)).toHaveLength(70);
    expect(ordersOf(ten.state.tail, ten.state.ordered.applied)).toBeUndefined();
    expect(missedFirings(eight, 65, "resolution")).toHaveLength(1);
    expect(missedFirings(ten, 65, "resolution")).toEqual([]);
  });
});

describe("the auditor limits the length of the tail", () => {
  const beats = (count: number): HistoryRow[] =>
    Array.from({ length: count }, (_, index): HistoryRow => [
      index,
      "entry.added",
      { kind: "note", by: "party", actor: program },
    ]);
  test("the auditor applies the oldest records of a long tail in the read order, and still matches an earlier firing", () => {
    const history = createHistory(lines, beats(300));
    expect(history.state.tail).toHaveLength(64);
    expect(fire(history, 30, { ...silence, incarnation: "case/1", threshold: 50 }, [31])).toBe("as-expected");
    expect(fire(history, 60, { ...silence, incarnation: "case/1", sequence: 2 }, [30])).toBe("as-expected");
    expect(fire(history, 120, { ...resolution, threshold: 50, sequence: 3 }, [60])).toBe("as-expected");
  });

  test("if the oldest records of a long tail could have another order, the firing is unsure", () => {
    const history = createHistory(lines, [note(20), ...beats(70)], "wall");
    expect(fire(history, 30, { ...silence, incarnation: "case/1", threshold: 50 }, [1])).toBe("unsure");
  });
});
