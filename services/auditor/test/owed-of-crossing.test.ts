import type { LineDocument } from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import {
  type HistoryRow,
  clock,
  createHistory,
  handoff,
  iso,
  lineWith,
  offered,
  missedFirings,
  page,
  program,
  testMissed,
} from "./history.ts";

describe("the auditor calculates the expected firings of a crossing case", () => {
  const acceptance = clock("vendor.acceptance", "PT1H");
  const waits: Partial<LineDocument> = {
    ...acceptance,
    calendar: "24x7",
    crossing: [{ to: "queue:orchard.desk", mode: "ticket", repeat: 1, hours: "office", whenClosed: "wait" }],
  };
  const assignment = { assignmentId: "pa_1", pool: "ios", acceptWithin: "PT5M" };
  const assigned = [1, "pool.assigned", assignment] as const;
  const asked = [offered, [10, "handoff.info-requested", handoff]] as const;
  testMissed("vendor.acceptance", [
    ["starts with an offer", acceptance, [offered], ["vendor.acceptance 100@60 ho_1"]],
    [
      "pauses during an information request",
      acceptance,
      [...asked, [40, "handoff.info-provided", handoff]],
      ["vendor.acceptance 100@90 ho_1"],
    ],
    [
      "resumes when the engineer releases the claim",
      acceptance,
      [...asked, [40, "handoff.released", handoff]],
      ["vendor.acceptance 100@90 ho_1"],
    ],
    ["stays paused without an answer to the request", acceptance, asked, []],
    ["ends with a return", acceptance, [offered, [9, "handoff.returned", handoff]], []],
    ["ends with a transfer", acceptance, [offered, [9, "handoff.transferred", handoff]], []],
    [
      "starts with a page that waits for a take",
      acceptance,
      [[1, "roster.paged", { ...page, pageId: "pg_1" }]],
      ["vendor.acceptance 100@6 pg_1"],
    ],
    [
      "does not start with another page",
      acceptance,
      [[1, "roster.paged", { ...page, pageId: "pg_1", reason: "need-by" }]],
      [],
    ],
    ["starts with an assignment to a pool", acceptance, [assigned], ["vendor.acceptance 100@6 pa_1"]],
    ["ends with the claim of the assignment", acceptance, [assigned, [2, "pool.claimed", assignment]], []],
    ["ends with the release of the assignment", acceptance, [assigned, [2, "pool.released", assignment]], []],
    [
      "does not end with the claim of another assignment",
      acceptance,
      [assigned, [2, "pool.claimed", { ...assignment, assignmentId: "pa_2" }]],
      ["vendor.acceptance 100@6 pa_1"],
    ],
    [
      "for a page, ends with an assignment to a pool",
      acceptance,
      [
        [1, "roster.paged", { ...page, pageId: "pg_1" }],
        [2, "pool.assigned", { ...assignment, acceptWithin: "PT9M" }],
      ],
      ["vendor.acceptance 100@11 pa_1"],
    ],
    [
      "ends with a take",
      acceptance,
      [
        [1, "roster.paged", { ...page, pageId: "pg_1" }],
        [2, "handoff.taken", {}],
      ],
      [],
    ],
    [
      "restarts with the next page",
      acceptance,
      [
        [1, "roster.paged", { ...page, pageId: "pg_1" }],
        [4, "roster.paged", { ...page, pageId: "pg_2" }],
      ],
      ["vendor.acceptance 100@9 pg_2"],
    ],
    [
      "restarts with an offer after a page",
      acceptance,
      [
        [1, "roster.paged", { ...page, pageId: "pg_1" }],
        [4, "handoff.offered", handoff],
      ],
      ["vendor.acceptance 100@64 ho_1"],
    ],
    [
      "restarts with an offer after an unreachable page",
      acceptance,
      [
        [1, "roster.paged", { ...page, pageId: "pg_1" }],
        [2, "handoff.offered", { ...handoff, reason: "unreachable" }],
      ],
      ["vendor.acceptance 100@62 ho_1"],
    ],
    [
      "ends at the end of the line",
      acceptance,
      [
        [1, "roster.paged", { ...page, pageId: "pg_1" }],
        [4, "line.exhausted", {}],
      ],
      [],
    ],
    [
      "counts in the hours of a step that waits",
      waits,
      [[400, "handoff.offered", { ...handoff, step: 0, reason: "clock" }]],
      ["vendor.acceptance 100@1420 ho_1"],
    ],
    [
      "counts in 24x7 for an offer to another queue",
      waits,
      [[500, "handoff.offered", { ...handoff, queue: "orchard.tier2", step: 0, reason: "clock" }]],
      ["vendor.acceptance 100@560 ho_1"],
    ],
  ]);

  const joint = clock("joint", "PT2H");
  const declared: HistoryRow = [5, "joint.declared", { accountable: "northtel", parties: [], actor: program }];
  testMissed("joint", [
    ["starts with the declaration", joint, [declared], ["joint 100@125 handoff/1"]],
    ["ends with a session", joint, [declared, [9, "joint.session-held", {}]], []],
    ["pauses at the resolution", joint, [declared, [9, "case.resolved", {}]], []],
  ]);

  const plan = {
    ...clock("need-by", "P1D", { warnAt: [50] }),
    needBy: { cure: "PT4H", hours: "office", margin: "PT1H" },
  } as const;
  // The need-by is 16:00 in Toronto. The latest safe crossing is at 11:00, four office hours and the margin before the need-by. The
  // history starts at 10:00.
  testMissed("need-by", [
    [
      "is due at the latest safe crossing",
      plan,
      [[0, "case.opened", { needBy: iso(360) }]],
      ["need-by 50@30 case/1", "need-by 100@60 case/1"],
    ],
    [
      "is due at the opening if the latest safe crossing is past",
      plan,
      [[0, "case.opened", { needBy: iso(60) }]],
      ["need-by 50@0 case/1", "need-by 100@0 case/1"],
    ],
    [
      "pauses at the resolution",
      plan,
      [
        [0, "case.opened", { needBy: iso(360) }],
        [9, "case.resolved", {}],
      ],
      [],
    ],
    [
      "ends with a kept promise for the need-by",
      plan,
      [
        [0, "case.opened", { needBy: iso(360) }],
        [9, "promise.delivered", { promiseId: "pr_1", kept: true, for: "need-by" }],
      ],
      [],
    ],
    ["does not start without a need-by", plan, [], []],
    [
      "does not start under a line without a plan",
      clock("need-by", "P1D"),
      [[0, "case.opened", { needBy: iso(360) }]],
      [],
    ],
  ]);

  const promise = clock("promise", "P1D");
  const made = (id: string, minutes: number): HistoryRow => [
    5,
    "promise.made",
    { promiseId: id, promisor: "orchard", until: iso(minutes) },
  ];
  testMissed("promise", [
    [
      "starts one clock for each promise",
      promise,
      [made("pr_1", 65), made("pr_2", 95)],
      ["promise/pr_1 100@65 pr_1", "promise/pr_2 100@95 pr_2"],
    ],
    [
      "ends with the delivery",
      promise,
      [made("pr_1", 65), made("pr_2", 95), [50, "promise.delivered", { promiseId: "pr_1" }]],
      ["promise/pr_2 100@95 pr_2"],
    ],
    [
      "ends with a delivery exactly at the end of its window",
      promise,
      [made("pr_1", 65), [65, "promise.delivered", { promiseId: "pr_1" }]],
      [],
    ],
    ["ends with the withdrawal", promise, [made("pr_1", 65), [50, "promise.withdrawn", { promiseId: "pr_1" }]], []],
    ["is due at once if the end of its window is past", promise, [made("pr_1", 1)], ["promise/pr_1 100@5 pr_1"]],
    [
      "continues after the resolution",
      promise,
      [made("pr_1", 65), [50, "case.resolved", {}]],
      ["promise/pr_1 100@65 pr_1"],
    ],
    ["pauses at the end of the case", promise, [made("pr_1", 65), [50, "case.closed", {}]], []],
    [
      "warns at the thresholds of the line",
      clock("promise", "P1D", { warnAt: [50] }),
      [made("pr_1", 65)],
      ["promise/pr_1 50@35 pr_1", "promise/pr_1 100@65 pr_1"],
    ],
  ]);
});

test("a line that crosses implies joint, promise and need-by; a line that observes does not", () => {
  const events: HistoryRow[] = [
    [0, "case.opened", { needBy: iso(300) }],
    [5, "joint.declared", { accountable: "northtel", parties: [], actor: program }],
    [5, "promise.made", { promiseId: "pr_1", promisor: "northtel", until: iso(65) }],
  ];
  const line = { ...clock("resolution", "P9D"), needBy: { cure: "PT4H" } };
  const kinds = ["joint", "promise", "need-by"];
  expect(missedFirings(createHistory([lineWith(line)], events), 200, ...kinds)).toEqual([]);
  expect(missedFirings(createHistory([lineWith({ ...line, mode: "cross" })], events), 200, ...kinds)).toEqual([
    "need-by 100@60 case/1",
    "promise/pr_1 100@65 pr_1",
    "joint 100@125 handoff/1",
  ]);
});
