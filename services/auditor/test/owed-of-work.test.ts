import type { LineDocument } from "@crossline/contracts";
import { describe } from "vitest";
import { type HistoryRow, answer, clock, handoff, inbound, offered, outbound, pending, robot, rows } from "./given.ts";

describe("what is owed, and when", () => {
  const update = clock("next-update", "PT1H");
  rows("next-update", [
    ["outranked until a person has answered", update, [[1, answer, inbound]], []],
    [
      "runs from the contact after it",
      update,
      [
        [1, answer, outbound],
        [2, answer, inbound],
      ],
      ["next-update 100@62 case/3"],
    ],
    [
      "a second contact changes nothing",
      update,
      [
        [1, answer, outbound],
        [2, answer, inbound],
        [9, answer, inbound],
      ],
      ["next-update 100@62 case/3"],
    ],
    [
      "ends with an answer",
      update,
      [
        [1, answer, outbound],
        [2, answer, inbound],
        [9, answer, outbound],
      ],
      [],
    ],
    [
      "a link to an article is none",
      update,
      [
        [1, answer, outbound],
        [2, answer, inbound],
        [9, answer, { ...outbound, content: "article" }],
      ],
      ["next-update 100@62 case/3"],
    ],
    [
      "automation is none",
      update,
      [
        [1, answer, outbound],
        [2, answer, inbound],
        [9, answer, { ...outbound, actor: robot }],
      ],
      ["next-update 100@62 case/3"],
    ],
    [
      "a live handling is one",
      update,
      [
        [1, "handling.started", { handlingId: "a", channel: "phone" }],
        [2, answer, inbound],
        [9, "handling.started", { handlingId: "b", channel: "phone" }],
      ],
      [],
    ],
    [
      "goes on while the case is resolved",
      update,
      [
        [1, answer, outbound],
        [2, answer, inbound],
        [9, "case.resolved", {}],
      ],
      ["next-update 100@62 case/3"],
    ],
    [
      "ends with the case",
      update,
      [
        [1, answer, outbound],
        [2, answer, inbound],
        [9, "case.closed", {}],
      ],
      [],
    ],
  ]);

  const information = clock("information", "PT1H");
  const ask: HistoryRow = [5, "handoff.info-requested", handoff];
  rows("information", [
    ["a pass", information, [[3, "case.status-changed", pending]], ["information 100@63 case/2"]],
    [
      "a pass with a shorter maximum",
      information,
      [[3, "case.status-changed", { ...pending, maximum: "PT20M" }]],
      ["information 100@23 case/2"],
    ],
    [
      "a pass with a longer maximum",
      information,
      [[3, "case.status-changed", { ...pending, maximum: "PT20H" }]],
      ["information 100@63 case/2"],
    ],
    ["asked back", information, [offered, ask], ["information 100@65 handoff/2"]],
    ["asked back, and answered", information, [offered, ask, [9, "handoff.info-provided", handoff]], []],
    ["asked back, and lapsed", information, [offered, ask, [9, "handoff.lapsed", handoff]], []],
    ["asked back, and solved", information, [offered, ask, [9, "case.resolved", {}]], []],
    [
      "asked back, solved and reopened: the question ended with the cure",
      information,
      [offered, ask, [9, "case.resolved", {}], [10, "case.reopened", {}]],
      [],
    ],
    [
      "asked back during a pass: the pass goes on",
      information,
      [offered, [3, "case.status-changed", pending], ask],
      ["information 100@63 case/2"],
    ],
    [
      "the pass is over, the question is not",
      information,
      [
        offered,
        [3, "case.status-changed", pending],
        ask,
        [9, "case.status-changed", { from: "pending", to: "inProgress" }],
      ],
      ["information 100@69 handoff/2"],
    ],
    [
      "the question is answered, the pass goes on",
      information,
      [offered, ask, [7, "case.status-changed", pending], [9, "handoff.info-provided", handoff]],
      ["information 100@69 case/2"],
    ],
  ]);

  const resolution = clock("resolution", "PT4H", { warnAt: [50] });
  const resolved: HistoryRow = [60, "case.resolved", {}];
  rows("resolution", [
    ["from the opening", resolution, [], ["resolution 50@120 case/1", "resolution 100@240 case/1"]],
    ["not of a case that is opened resolved", resolution, [[0, "case.opened", { status: "resolved" }]], []],
    [
      "rests while it is resolved",
      resolution,
      [resolved, [90, "case.reopened", {}]],
      ["resolution 50@150 case/3", "resolution 100@270 case/3"],
    ],
    ["ends confirmed", resolution, [resolved, [90, "case.confirmed", {}]], []],
    [
      "begins anew when it is reopened then",
      resolution,
      [resolved, [90, "case.confirmed", {}], [100, "case.reopened", {}]],
      ["resolution 50@220 case/4", "resolution 100@340 case/4"],
    ],
    [
      "rests while it waits for the customer",
      resolution,
      [
        [60, "case.status-changed", { ...pending, waitingOn: "customer" }],
        [90, "case.status-changed", { from: "pending", to: "inProgress" }],
      ],
      ["resolution 50@150 case/1", "resolution 100@270 case/1"],
    ],
    [
      "not while it waits for the vendor",
      resolution,
      [[60, "case.status-changed", { ...pending, waitingOn: "vendor" }]],
      ["resolution 50@120 case/1", "resolution 100@240 case/1"],
    ],
    ["in office hours", clock("resolution", "PT7H30M", { calendar: "office" }), [], ["resolution 100@1410 case/1"]],
  ]);

  const resting = (pausedWhile: NonNullable<LineDocument["clocks"][number]["pausedWhile"]>): Partial<LineDocument> =>
    clock("resolution", "PT1H", { pausedWhile });
  rows("resolution", [
    [
      "said to rest for nothing",
      resting([]),
      [[30, "case.status-changed", { ...pending, waitingOn: "customer" }]],
      ["resolution 100@60 case/1"],
    ],
    [
      "rests while it is held",
      resting(["held"]),
      [
        [30, "case.status-changed", { from: "x", to: "held" }],
        [50, "case.status-changed", { from: "held", to: "inProgress" }],
      ],
      ["resolution 100@80 case/1"],
    ],
    [
      "rests while it is offered",
      resting(["offered"]),
      [
        [30, "handoff.offered", handoff],
        [50, "handoff.accepted", handoff],
      ],
      ["resolution 100@80 case/1"],
    ],
    [
      "asked back is offered still",
      resting(["offered"]),
      [
        [30, "handoff.offered", handoff],
        [40, "handoff.info-requested", handoff],
        [50, "handoff.rejected", handoff],
      ],
      ["resolution 100@80 case/1"],
    ],
    [
      "rests while it is accepted",
      resting(["accepted"]),
      [
        [30, "handoff.offered", handoff],
        [40, "handoff.accepted", handoff],
        [50, "handoff.returned", handoff],
      ],
      ["resolution 100@70 case/1"],
    ],
    [
      "rests while either is so",
      resting(["offered", "carrier"]),
      [
        [30, "handoff.offered", handoff],
        [40, "case.status-changed", { ...pending, waitingOn: "carrier" }],
        [50, "handoff.lapsed", handoff],
        [55, "case.status-changed", { from: "pending", to: "inProgress" }],
      ],
      ["resolution 100@85 case/1"],
    ],
    [
      "begins at rest",
      resting(["vendor"]),
      [
        [0, "case.opened", { status: "resolved" }],
        [9, "case.reopened", {}],
        [9, "case.status-changed", { ...pending, waitingOn: "vendor" }],
        [50, "case.status-changed", { from: "pending", to: "inProgress" }],
      ],
      ["resolution 100@110 case/2"],
    ],
  ]);
});
