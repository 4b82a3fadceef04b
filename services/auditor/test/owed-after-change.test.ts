import type { LineDocument } from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import {
  type HistoryRow,
  clock,
  createHistory,
  handoff,
  iso,
  lineWith,
  movedTo,
  offered,
  missedFirings,
  pending,
  testMissed,
} from "./history.ts";

describe("a new severity", () => {
  const line = clock("resolution", "PT1H", {
    target: { critical: "PT30M", major: "PT2H", else: "PT4H" },
    warnAt: [25, 75],
  });
  const to = (minutes: number, severity: string): HistoryRow => [
    minutes,
    "case.severity-changed",
    { from: "x", to: severity },
  ];
  testMissed("resolution", [
    [
      "counts from the start of the clock",
      line,
      [to(10, "major")],
      ["resolution 25@30 case/1", "resolution 75@90 case/1", "resolution 100@120 case/1"],
    ],
    [
      "a threshold that is already reached is due at the change",
      line,
      [to(50, "critical")],
      ["resolution 25@50 case/1", "resolution 75@50 case/1", "resolution 100@50 case/1"],
    ],
    [
      "a fired threshold stays fired",
      line,
      [to(70, "critical")],
      ["resolution 25@60 case/1", "resolution 75@70 case/1", "resolution 100@70 case/1"],
    ],
    [
      "changes back",
      line,
      [to(50, "major"), to(55, "minor")],
      ["resolution 25@50 case/1", "resolution 75@180 case/1", "resolution 100@240 case/1"],
    ],
    [
      "pauses stay",
      line,
      [
        [10, "case.status-changed", { ...pending, waitingOn: "customer" }],
        [30, "case.status-changed", { from: "pending", to: "inProgress" }],
        to(40, "major"),
      ],
      ["resolution 25@50 case/1", "resolution 75@110 case/1", "resolution 100@140 case/1"],
    ],
    [
      "also changes the deadlines of a paused clock",
      line,
      [[40, "case.status-changed", { ...pending, waitingOn: "customer" }], to(45, "critical")],
      ["resolution 25@45 case/1", "resolution 75@45 case/1", "resolution 100@45 case/1"],
    ],
  ]);
  const live = { critical: "PT10M", else: "PT1H" };
  testMissed("first-response", [
    [
      "changes the target for a contact by mail",
      clock("first-response", "P1D", { target: { ...live, live: "PT20M" } }),
      [to(5, "critical")],
      ["first-response 100@10 case/1"],
    ],
    [
      "does not change the target for a live contact",
      clock("first-response", "P1D", { target: { ...live, live: "PT20M" } }),
      [[0, "case.opened", { channel: "phone" }], to(5, "critical")],
      ["first-response 100@20 case/1"],
    ],
    [
      "changes the target for a live contact if the line has no live target",
      clock("first-response", "P1D", { target: live }),
      [[0, "case.opened", { channel: "phone" }], to(5, "critical")],
      ["first-response 100@10 case/1"],
    ],
  ]);
  testMissed("vendor.acceptance", [
    [
      "changes the target of an offer",
      clock("vendor.acceptance", "P1D", { target: live }),
      [offered, to(5, "critical")],
      ["vendor.acceptance 100@10 ho_1"],
    ],
    [
      "does not change an offer with its own target",
      clock("vendor.acceptance", "P1D", { target: live }),
      [[0, "handoff.offered", { ...handoff, acceptWithin: "PT30M" }], to(5, "critical")],
      ["vendor.acceptance 100@30 ho_1"],
    ],
  ]);
});

describe("a move to another line changes the clocks of a case", () => {
  const from = lineWith(clock("resolution", "PT4H", { warnAt: [25, 50] }));
  const moved = (minutes: number): HistoryRow => [minutes, "case.moved", { ...movedTo("two"), from: {} }];
  const to = (line: Partial<LineDocument>): LineDocument => lineWith({ line: "two", ...line });
  test.each<[string, LineDocument, readonly HistoryRow[], readonly string[]]>([
    [
      "has the target and thresholds of the new line",
      to(clock("resolution", "PT2H", { warnAt: [75] })),
      [moved(30)],
      ["resolution 75@90 case/1", "resolution 100@120 case/1"],
    ],
    [
      "does not repeat fired thresholds, and skips new ones below them",
      to(clock("resolution", "PT2H", { warnAt: [10, 25, 75] })),
      [moved(61)],
      ["resolution 25@60 case/1", "resolution 75@90 case/1", "resolution 100@120 case/1"],
    ],
    [
      "a threshold that is already reached is due at the move",
      to(clock("resolution", "PT20M")),
      [moved(30)],
      ["resolution 100@30 case/1"],
    ],
    ["ends a clock that the new line does not have", to(clock("confirmation", "PT1H")), [moved(30)], []],
    [
      "ends a clock with another name, and starts the new one",
      to(clock("resolution", "PT2H", { name: "second" })),
      [moved(30)],
      ["second 100@150 case/2"],
    ],
    [
      "pauses by the rules of the new line after the move",
      to(clock("resolution", "PT2H", { name: "second", pausedWhile: ["held"] })),
      [
        moved(30),
        [40, "case.status-changed", { from: "x", to: "held" }],
        [70, "case.status-changed", { from: "held", to: "inProgress" }],
      ],
      ["second 100@180 case/2"],
    ],
    [
      "counts again in other hours",
      to(clock("resolution", "PT7H", { calendar: "office" })),
      [moved(30)],
      ["resolution 100@420 case/1"],
    ],
  ])("%s", (_, line, events, expected) => {
    expect(missedFirings(createHistory([from, line], events), 1_440, "resolution")).toEqual(expected);
  });

  test("the need-by gets a new latest safe crossing, and the deadline of a promise does not change", () => {
    const plan = {
      needBy: { cure: "PT1H" },
      clocks: [...(clock("need-by", "P1D").clocks ?? []), ...(clock("promise", "P1D").clocks ?? [])],
    };
    const events: HistoryRow[] = [
      [0, "case.opened", { needBy: iso(180) }],
      [5, "promise.made", { promiseId: "pr_1", promisor: "northtel", until: iso(65) }],
      moved(30),
    ];
    const lines = [lineWith(plan), to({ ...plan, needBy: { cure: "PT2H" } })];
    expect(missedFirings(createHistory(lines, events), 300, "need-by", "promise")).toEqual([
      "need-by 100@60 case/1",
      "promise/pr_1 100@65 pr_1",
    ]);
  });

  test("the clock of a live contact gets the live target of the new line", () => {
    const target = { live: "PT15M", else: "PT4H" };
    const lines = [
      lineWith(clock("first-response", "P1D", { target })),
      to(clock("first-response", "P1D", { target })),
    ];
    const events: HistoryRow[] = [[0, "case.opened", { channel: "phone" }], moved(5)];
    expect(missedFirings(createHistory(lines, events), 300, "first-response")).toEqual([
      "first-response 100@15 case/1",
    ]);
  });

  test("the clock of a promise continues under a line without promises", () => {
    const made: HistoryRow = [5, "promise.made", { promiseId: "pr_1", promisor: "northtel", until: iso(65) }];
    const lines = [lineWith(clock("promise", "P1D", { warnAt: [50] })), to(clock("resolution", "P1D"))];
    expect(missedFirings(createHistory(lines, [made, moved(10)]), 300, "promise")).toEqual([
      "promise/pr_1 50@35 pr_1",
      "promise/pr_1 100@65 pr_1",
    ]);
  });

  test("a pending case gets a new clock if the new line gives the clock another name", () => {
    const lines = [lineWith(clock("information", "PT1H")), to(clock("information", "PT2H", { name: "asks" }))];
    const events: HistoryRow[] = [[5, "case.status-changed", { from: "inProgress", to: "pending" }], moved(10)];
    expect(missedFirings(createHistory(lines, events), 300, "information")).toEqual(["asks 100@130 case/3"]);
  });

  test("the clock `first-response` does not start again under another name", () => {
    const lines = [lineWith(clock("first-response", "PT1H")), to(clock("first-response", "PT1H", { name: "again" }))];
    expect(missedFirings(createHistory(lines, [moved(30)]), 300, "first-response")).toEqual([]);
  });
});
