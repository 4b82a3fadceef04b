import { describe, expect, test } from "vitest";
import {
  type HistoryRow,
  clock,
  createHistory,
  fire,
  joined,
  lineWith,
  missedFirings,
  movedTo,
  offered,
  handoff,
  pending,
  program,
  testMissed,
} from "./history.ts";

const left = { incidentId: "ic_1", cause: "removed", actor: program };

describe("the auditor calculates the expected firings of a member of an incident", () => {
  const idle = clock("stall.idle", "PT1H");
  testMissed("stall.idle", [
    ["ends when the case joins", idle, [[10, "incident.joined", joined]], []],
    [
      "starts when the case leaves",
      idle,
      [
        [10, "incident.joined", joined],
        [20, "incident.left", left],
      ],
      ["stall.idle 100@80 case/3"],
    ],
    [
      "stays ended when the case leaves another incident",
      idle,
      [
        [10, "incident.joined", joined],
        [20, "incident.left", { ...left, incidentId: "ic_9" }],
      ],
      [],
    ],
    [
      "starts when the member is reopened",
      idle,
      [
        [10, "incident.joined", joined],
        [20, "case.resolved", {}],
        [30, "case.reopened", {}],
      ],
      ["stall.idle 100@90 case/4"],
    ],
    [
      "runs for a vendor that accepted the case",
      idle,
      [offered, [10, "incident.joined", joined], [20, "handoff.accepted", handoff]],
      ["stall.idle 100@80 handoff/2"],
    ],
  ]);
  const information = clock("information", "PT2H");
  testMissed("information", [
    ["runs from the joining", information, [[10, "incident.joined", joined]], ["information 100@130 case/2"]],
    [
      "does not restart when another company holds the lead case",
      information,
      [
        [10, "incident.joined", joined],
        [60, "incident.held", { incidentId: "ic_1", holder: "acme", actor: program }],
      ],
      ["information 100@130 case/2"],
    ],
    [
      "ends when the case leaves",
      information,
      [
        [10, "incident.joined", joined],
        [20, "incident.left", left],
      ],
      [],
    ],
    [
      "ends when the member is solved",
      information,
      [
        [10, "incident.joined", joined],
        [20, "case.resolved", {}],
      ],
      [],
    ],
    [
      "runs for the pause first",
      information,
      [
        [5, "case.status-changed", pending],
        [10, "incident.joined", joined],
      ],
      ["information 100@125 case/2"],
    ],
    [
      "runs for the membership after the pause",
      information,
      [
        [5, "case.status-changed", pending],
        [10, "incident.joined", joined],
        [20, "case.status-changed", { from: "pending", to: "inProgress" }],
      ],
      ["information 100@140 case/3"],
    ],
    [
      "runs for the pause after the membership",
      information,
      [
        [10, "incident.joined", joined],
        [20, "case.status-changed", pending],
        [30, "incident.left", left],
      ],
      ["information 100@150 case/3"],
    ],
  ]);
});

test("a firing of a member's `stall.idle` is unfounded, and a firing of its `information` is expected", () => {
  const line = lineWith({
    ...clock("stall.idle", "PT1H"),
    clocks: [...(clock("stall.idle", "PT1H").clocks ?? []), ...(clock("information", "PT2H").clocks ?? [])],
  });
  const history = () => createHistory([line], [[10, "incident.joined", joined]]);
  expect(fire(history(), 60, { clock: "stall.idle", kind: "stall.idle", incarnation: "case/1" })).toBe("unfounded");
  expect(fire(history(), 130, { clock: "information", kind: "information", incarnation: "case/2" })).not.toBe(
    "unfounded",
  );
});

test("a move starts a new incarnation of `information`, if the former line had no such clock", () => {
  const other = lineWith({ line: "other", ...clock("information", "PT2H") });
  const history = createHistory(
    [lineWith({}), other],
    [
      [10, "incident.joined", joined],
      [20, "case.moved", movedTo("other")],
    ],
  );
  expect(missedFirings(history, 1_440, "information")).toEqual(["information 100@140 case/3"]);
});

test("after a cut order with a joining, the auditor does not compare the silence, because the membership is unknown", () => {
  const line = lineWith(clock("stall.idle", "PT1H", { warnAt: [50] }));
  const silence = { clock: "stall.idle", kind: "stall.idle", threshold: 50, read: { case: 3, handoff: 0 } } as const;
  const rows: readonly HistoryRow[] = [
    [10, "incident.joined", joined],
    [20, "incident.left", left],
  ];
  for (const [events, verdict] of [
    [rows, "unsure"],
    [
      [
        [10, "entry.added"],
        [20, "entry.added"],
      ],
      "unfounded",
    ],
  ] as const) {
    const history = createHistory([line], events, "wall");
    expect(fire(history, 51, { ...silence, incarnation: "case/3" }, "cut")).toBe("unsure");
    history.append([60, "entry.added", {}]);
    const { read: _, ...later } = silence;
    expect(fire(history, 91, { ...later, incarnation: "case/4", sequence: 2 }, [1])).toBe(verdict);
  }
});
