import type { LineDocument } from "@crossline/contracts";
import { describe } from "vitest";
import { closed, contact, reopened, resolved, sent } from "./customer.ts";
import { type HistoryRow, clock, iso, program, testMissed } from "./history.ts";

describe("the clock of an unmet obligation pauses and resumes with the status of the case", () => {
  const first = clock("first-response", "PT1H", { warnAt: [50] });
  testMissed("first-response", [
    [
      "pauses while the case is ended",
      first,
      [closed(40), reopened(100)],
      ["first-response 50@30 case/1", "first-response 100@120 case/3"],
    ],
    [
      "continues while the case is resolved",
      first,
      [resolved(40)],
      ["first-response 50@30 case/1", "first-response 100@60 case/1"],
    ],
    [
      "repeats only its breach, at the reopening",
      first,
      [closed(70), reopened(100)],
      ["first-response 50@30 case/1", "first-response 100@60 case/1", "first-response 100@100 case/3"],
    ],
    [
      "does not start on a case that opens as ended",
      first,
      [[0, "case.opened", { status: "closed" }], reopened(9)],
      [],
    ],
    [
      "ends if the case cannot be reopened",
      first,
      [
        [40, "case.status-changed", { to: "rejected" }],
        [50, "case.recorded", { status: "inProgress" }],
      ],
      ["first-response 50@30 case/1"],
    ],
    ["ends if the case is merged", first, [closed(20, "merged")], []],
  ]);
  const update = clock("next-update", "PT1H");
  testMissed("next-update", [
    ["does not start on a resolved case", update, [sent(1), resolved(2), contact(3, "inquiry")], []],
    [
      "starts at a still-broken contact after the reopening",
      update,
      [sent(1), resolved(2), reopened(3), contact(3, "still-broken")],
      ["next-update 100@63 case/5"],
    ],
    ["does not start at an automatic reply", update, [sent(1), contact(3, "auto-reply")], []],
    [
      "pauses and resumes",
      update,
      [sent(1), contact(3, "inquiry"), closed(23), reopened(100)],
      ["next-update 100@140 case/5"],
    ],
  ]);
  const resolution = clock("resolution", "PT1H", { warnAt: [50] });
  testMissed("resolution", [
    [
      "is due at the reopening if its target was reached before",
      resolution,
      [resolved(90), reopened(120)],
      ["resolution 50@30 case/1", "resolution 100@60 case/1", "resolution 100@120 case/3"],
    ],
    [
      "resumes with an imported row",
      resolution,
      [
        [40, "case.recorded", { status: "closed" }],
        [100, "case.recorded", { status: "inProgress" }],
      ],
      ["resolution 50@30 case/1", "resolution 100@120 case/3"],
    ],
    [
      "keeps its incarnation if only the line pauses it",
      clock("resolution", "PT1H", { pausedWhile: ["held"] }),
      [
        [40, "case.status-changed", { to: "held" }],
        [100, "case.status-changed", { to: "inProgress" }],
      ],
      ["resolution 100@120 case/1"],
    ],
  ]);
  const made: HistoryRow = [5, "promise.made", { promiseId: "pr_1", promisor: "northtel", until: iso(65) }];
  testMissed("promise", [
    [
      "has the same deadline after a pause",
      clock("promise", "P1D"),
      [made, closed(30), reopened(50)],
      ["promise/pr_1 100@65 case/4"],
    ],
    [
      "is due at the reopening if the end of its window is past",
      clock("promise", "P1D"),
      [made, closed(30), reopened(90)],
      ["promise/pr_1 100@90 case/4"],
    ],
    [
      "ends with the delivery of the promise",
      clock("promise", "P1D"),
      [made, closed(30), reopened(50), [60, "promise.delivered", { promiseId: "pr_1" }]],
      [],
    ],
  ]);
  const joint = clock("joint", "PT1H");
  testMissed("joint", [
    [
      "pauses while the case is resolved",
      joint,
      [[5, "joint.declared", { accountable: "northtel", parties: [], actor: program }], resolved(25), reopened(65)],
      ["joint 100@105 case/3"],
    ],
  ]);
});

describe("the clock `need-by` follows the need-by of the customer", () => {
  const line: Partial<LineDocument> = { ...clock("need-by", "P1D", { warnAt: [50] }), needBy: { cure: "PT1H" } };
  const opened: HistoryRow = [0, "case.opened", { needBy: iso(180) }]; // The latest safe crossing is 120 minutes after the start.
  const corrected = (minutes: number, needBy: number | null): HistoryRow => [
    minutes,
    "case.corrected",
    { reason: "x", from: {}, needBy: needBy === null ? null : iso(needBy) },
  ];
  const delivered = (minutes: number, more: Record<string, unknown>): HistoryRow => [
    minutes,
    "promise.delivered",
    { promiseId: "p", ...more },
  ];
  testMissed("need-by", [
    [
      "pauses while the case is resolved",
      line,
      [opened, resolved(70), reopened(100)],
      ["need-by 50@60 case/1", "need-by 100@120 case/3"],
    ],
    [
      "is due at the reopening if its deadline is past",
      line,
      [opened, resolved(50), reopened(150)],
      ["need-by 50@150 case/3", "need-by 100@150 case/3"],
    ],
    [
      "does not end with another kept promise",
      line,
      [opened, delivered(50, { kept: true })],
      ["need-by 50@60 case/1", "need-by 100@120 case/1"],
    ],
    [
      "ends with a kept promise for the need-by",
      line,
      [opened, delivered(50, { kept: true, for: "need-by" }), reopened(60)],
      [],
    ],
    [
      "does not end with a promise that was not kept",
      line,
      [opened, delivered(50, { kept: false, for: "need-by" })],
      ["need-by 50@60 case/1", "need-by 100@120 case/1"],
    ],
    ["stays met after a confirmation", line, [opened, resolved(50), [51, "case.confirmed", {}], reopened(55)], []],
    [
      "moves with a correction to a later need-by",
      line,
      [opened, corrected(30, 240)],
      ["need-by 50@90 case/1", "need-by 100@180 case/1"],
    ],
    [
      "moves with a correction to an earlier need-by",
      line,
      [opened, corrected(50, 120)],
      ["need-by 50@50 case/1", "need-by 100@60 case/1"],
    ],
    [
      "is due at once after a correction to the past",
      line,
      [opened, corrected(30, 70)],
      ["need-by 50@30 case/1", "need-by 100@30 case/1"],
    ],
    ["ends when a correction removes the need-by", line, [opened, corrected(30, null)], []],
    [
      "starts when a correction adds a need-by",
      line,
      [corrected(30, 180)],
      ["need-by 50@75 case/2", "need-by 100@120 case/2"],
    ],
    [
      "starts again after a breach and a correction to a later need-by",
      line,
      [opened, corrected(130, 250)],
      ["need-by 50@60 case/1", "need-by 100@120 case/1", "need-by 50@160 case/2", "need-by 100@190 case/2"],
    ],
    [
      "does not start again after a breach and a correction to the past",
      line,
      [opened, corrected(130, 185)],
      ["need-by 50@60 case/1", "need-by 100@120 case/1"],
    ],
    [
      "stays the same after another correction",
      line,
      [opened, [130, "case.corrected", { title: "x", reason: "x", from: {} }]],
      ["need-by 50@60 case/1", "need-by 100@120 case/1"],
    ],
  ]);
});
