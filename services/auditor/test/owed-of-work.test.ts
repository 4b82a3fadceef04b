import type { LineDocument } from "@crossline/contracts";
import { describe } from "vitest";
import {
  type HistoryRow,
  answer,
  clock,
  handoff,
  inbound,
  offered,
  outbound,
  pending,
  program,
  testMissed,
} from "./history.ts";

describe("the auditor calculates the expected firings of an open case", () => {
  const update = clock("next-update", "PT1H");
  testMissed("next-update", [
    ["does not start before a person has answered", update, [[1, answer, inbound]], []],
    [
      "starts at the next contact after an answer",
      update,
      [
        [1, answer, outbound],
        [2, answer, inbound],
      ],
      ["next-update 100@62 case/3"],
    ],
    [
      "stays the same after a second contact",
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
      "does not end with a link to an article",
      update,
      [
        [1, answer, outbound],
        [2, answer, inbound],
        [9, answer, { ...outbound, content: "article" }],
      ],
      ["next-update 100@62 case/3"],
    ],
    [
      "does not end with a program's answer",
      update,
      [
        [1, answer, outbound],
        [2, answer, inbound],
        [9, answer, { ...outbound, actor: program }],
      ],
      ["next-update 100@62 case/3"],
    ],
    [
      "ends with a live handling",
      update,
      [
        [1, "handling.started", { handlingId: "a", channel: "phone" }],
        [2, answer, inbound],
        [9, "handling.started", { handlingId: "b", channel: "phone" }],
      ],
      [],
    ],
    [
      "continues while the case is resolved",
      update,
      [
        [1, answer, outbound],
        [2, answer, inbound],
        [9, "case.resolved", {}],
      ],
      ["next-update 100@62 case/3"],
    ],
    [
      "pauses at the end of the case",
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
  testMissed("information", [
    ["starts with a pause", information, [[3, "case.status-changed", pending]], ["information 100@63 case/2"]],
    [
      "has the maximum of the pause as target if the maximum is shorter",
      information,
      [[3, "case.status-changed", { ...pending, maximum: "PT20M" }]],
      ["information 100@23 case/2"],
    ],
    [
      "has the target of the line if the maximum of the pause is longer",
      information,
      [[3, "case.status-changed", { ...pending, maximum: "PT20H" }]],
      ["information 100@63 case/2"],
    ],
    ["starts with an information request", information, [offered, ask], ["information 100@65 handoff/2"]],
    ["ends with the answer to the request", information, [offered, ask, [9, "handoff.info-provided", handoff]], []],
    ["ends with a lapse", information, [offered, ask, [9, "handoff.lapsed", handoff]], []],
    ["ends with the resolution", information, [offered, ask, [9, "case.resolved", {}]], []],
    [
      "stays ended after a reopening, because the resolution ended the request",
      information,
      [offered, ask, [9, "case.resolved", {}], [10, "case.reopened", {}]],
      [],
    ],
    [
      "stays the same at an information request during a pause",
      information,
      [offered, [3, "case.status-changed", pending], ask],
      ["information 100@63 case/2"],
    ],
    [
      "starts for the request when the pause ends",
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
      "starts for the pause when the request ends",
      information,
      [offered, ask, [7, "case.status-changed", pending], [9, "handoff.info-provided", handoff]],
      ["information 100@69 case/2"],
    ],
  ]);

  const resolution = clock("resolution", "PT4H", { warnAt: [50] });
  const resolved: HistoryRow = [60, "case.resolved", {}];
  testMissed("resolution", [
    ["starts at the opening", resolution, [], ["resolution 50@120 case/1", "resolution 100@240 case/1"]],
    ["does not start on a case that opens as resolved", resolution, [[0, "case.opened", { status: "resolved" }]], []],
    [
      "pauses while the case is resolved",
      resolution,
      [resolved, [90, "case.reopened", {}]],
      ["resolution 50@150 case/3", "resolution 100@270 case/3"],
    ],
    ["ends with the confirmation", resolution, [resolved, [90, "case.confirmed", {}]], []],
    [
      "starts again at a reopening after the confirmation",
      resolution,
      [resolved, [90, "case.confirmed", {}], [100, "case.reopened", {}]],
      ["resolution 50@220 case/4", "resolution 100@340 case/4"],
    ],
    [
      "pauses while the case waits for the customer",
      resolution,
      [
        [60, "case.status-changed", { ...pending, waitingOn: "customer" }],
        [90, "case.status-changed", { from: "pending", to: "inProgress" }],
      ],
      ["resolution 50@150 case/1", "resolution 100@270 case/1"],
    ],
    [
      "does not pause while the case waits for the vendor",
      resolution,
      [[60, "case.status-changed", { ...pending, waitingOn: "vendor" }]],
      ["resolution 50@120 case/1", "resolution 100@240 case/1"],
    ],
    [
      "counts in office hours",
      clock("resolution", "PT7H30M", { calendar: "office" }),
      [],
      ["resolution 100@1410 case/1"],
    ],
  ]);

  const paused = (pausedWhile: NonNullable<LineDocument["clocks"][number]["pausedWhile"]>): Partial<LineDocument> =>
    clock("resolution", "PT1H", { pausedWhile });
  testMissed("resolution", [
    [
      "never pauses if `pausedWhile` is empty",
      paused([]),
      [[30, "case.status-changed", { ...pending, waitingOn: "customer" }]],
      ["resolution 100@60 case/1"],
    ],
    [
      "pauses while the case is held",
      paused(["held"]),
      [
        [30, "case.status-changed", { from: "x", to: "held" }],
        [50, "case.status-changed", { from: "held", to: "inProgress" }],
      ],
      ["resolution 100@80 case/1"],
    ],
    [
      "pauses while the case is offered",
      paused(["offered"]),
      [
        [30, "handoff.offered", handoff],
        [50, "handoff.accepted", handoff],
      ],
      ["resolution 100@80 case/1"],
    ],
    [
      "stays paused at an information request",
      paused(["offered"]),
      [
        [30, "handoff.offered", handoff],
        [40, "handoff.info-requested", handoff],
        [50, "handoff.rejected", handoff],
      ],
      ["resolution 100@80 case/1"],
    ],
    [
      "pauses while the hand-off is accepted",
      paused(["accepted"]),
      [
        [30, "handoff.offered", handoff],
        [40, "handoff.accepted", handoff],
        [50, "handoff.returned", handoff],
      ],
      ["resolution 100@70 case/1"],
    ],
    [
      "pauses while the case is in one of several states",
      paused(["offered", "carrier"]),
      [
        [30, "handoff.offered", handoff],
        [40, "case.status-changed", { ...pending, waitingOn: "carrier" }],
        [50, "handoff.lapsed", handoff],
        [55, "case.status-changed", { from: "pending", to: "inProgress" }],
      ],
      ["resolution 100@85 case/1"],
    ],
    [
      "starts paused",
      paused(["vendor"]),
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
