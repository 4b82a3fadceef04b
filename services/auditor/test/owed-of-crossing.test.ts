import type { LineDocument } from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import { type HistoryRow, clock, given, handoff, iso, lineWith, offered, owed, page, robot, rows } from "./given.ts";

describe("what is owed, and when", () => {
  const acceptance = clock("vendor.acceptance", "PT1H");
  const waits: Partial<LineDocument> = {
    ...acceptance,
    calendar: "24x7",
    crossing: [{ to: "queue:orchard.desk", mode: "ticket", repeat: 1, hours: "office", whenClosed: "wait" }],
  };
  const asked = [offered, [10, "handoff.info-requested", handoff]] as const;
  rows("vendor.acceptance", [
    ["an offer", acceptance, [offered], ["vendor.acceptance 100@60 ho_1"]],
    [
      "rests while the vendor has asked back",
      acceptance,
      [...asked, [40, "handoff.info-provided", handoff]],
      ["vendor.acceptance 100@90 ho_1"],
    ],
    [
      "goes on where who asked lets go of it",
      acceptance,
      [...asked, [40, "handoff.released", handoff]],
      ["vendor.acceptance 100@90 ho_1"],
    ],
    ["rests for as long as that takes", acceptance, asked, []],
    ["returned", acceptance, [offered, [9, "handoff.returned", handoff]], []],
    ["transferred", acceptance, [offered, [9, "handoff.transferred", handoff]], []],
    [
      "a page that waits for an answer",
      acceptance,
      [[1, "roster.paged", { ...page, pageId: "pg_1" }]],
      ["vendor.acceptance 100@6 pg_1"],
    ],
    ["a page that does not", acceptance, [[1, "roster.paged", { ...page, pageId: "pg_1", reason: "need-by" }]], []],
    [
      "a page, and taken",
      acceptance,
      [
        [1, "roster.paged", { ...page, pageId: "pg_1" }],
        [2, "handoff.taken", {}],
      ],
      [],
    ],
    [
      "a page, and the next page",
      acceptance,
      [
        [1, "roster.paged", { ...page, pageId: "pg_1" }],
        [4, "roster.paged", { ...page, pageId: "pg_2" }],
      ],
      ["vendor.acceptance 100@9 pg_2"],
    ],
    [
      "a page, and a queue",
      acceptance,
      [
        [1, "roster.paged", { ...page, pageId: "pg_1" }],
        [4, "handoff.offered", handoff],
      ],
      ["vendor.acceptance 100@64 ho_1"],
    ],
    [
      "a page that reached no person, and the queue at once",
      acceptance,
      [
        [1, "roster.paged", { ...page, pageId: "pg_1" }],
        [2, "handoff.offered", { ...handoff, reason: "unreachable" }],
      ],
      ["vendor.acceptance 100@62 ho_1"],
    ],
    [
      "a page, and the end of the line",
      acceptance,
      [
        [1, "roster.paged", { ...page, pageId: "pg_1" }],
        [4, "line.exhausted", {}],
      ],
      [],
    ],
    [
      "in the hours of a step that waits",
      waits,
      [[400, "handoff.offered", { ...handoff, step: 0, reason: "clock" }]],
      ["vendor.acceptance 100@1420 ho_1"],
    ],
    [
      "of another queue in no hours",
      waits,
      [[500, "handoff.offered", { ...handoff, queue: "orchard.tier2", step: 0, reason: "clock" }]],
      ["vendor.acceptance 100@560 ho_1"],
    ],
  ]);

  const joint = clock("joint", "PT2H");
  const declared: HistoryRow = [5, "joint.declared", { accountable: "northtel", parties: [], actor: robot }];
  rows("joint", [
    ["declared", joint, [declared], ["joint 100@125 handoff/1"]],
    ["a session was held", joint, [declared, [9, "joint.session-held", {}]], []],
    ["solved", joint, [declared, [9, "case.resolved", {}]], []],
  ]);

  const plan = {
    ...clock("need-by", "P1D", { warnAt: [50] }),
    needBy: { cure: "PT4H", hours: "office", margin: "PT1H" },
  } as const;
  // 15:00 in Toronto; four hours of the office before are 11:00, an hour's margin before that the start itself.
  rows("need-by", [
    [
      "due at the latest safe crossing",
      plan,
      [[0, "case.opened", { needBy: iso(360) }]],
      ["need-by 50@30 case/1", "need-by 100@60 case/1"],
    ],
    [
      "too late already",
      plan,
      [[0, "case.opened", { needBy: iso(60) }]],
      ["need-by 50@0 case/1", "need-by 100@0 case/1"],
    ],
    [
      "solved",
      plan,
      [
        [0, "case.opened", { needBy: iso(360) }],
        [9, "case.resolved", {}],
      ],
      [],
    ],
    [
      "a promise that was made for it was delivered",
      plan,
      [
        [0, "case.opened", { needBy: iso(360) }],
        [9, "promise.delivered", { promiseId: "pr_1", kept: true, for: "need-by" }],
      ],
      [],
    ],
    ["of a case without one", plan, [], []],
    ["of a line without a plan", clock("need-by", "P1D"), [[0, "case.opened", { needBy: iso(360) }]], []],
  ]);

  const promise = clock("promise", "P1D");
  const made = (id: string, minutes: number): HistoryRow => [
    5,
    "promise.made",
    { promiseId: id, promisor: "orchard", until: iso(minutes) },
  ];
  rows("promise", [
    [
      "one for each",
      promise,
      [made("pr_1", 65), made("pr_2", 95)],
      ["promise/pr_1 100@65 pr_1", "promise/pr_2 100@95 pr_2"],
    ],
    [
      "delivered",
      promise,
      [made("pr_1", 65), made("pr_2", 95), [50, "promise.delivered", { promiseId: "pr_1" }]],
      ["promise/pr_2 100@95 pr_2"],
    ],
    ["delivered at its very end", promise, [made("pr_1", 65), [65, "promise.delivered", { promiseId: "pr_1" }]], []],
    ["withdrawn", promise, [made("pr_1", 65), [50, "promise.withdrawn", { promiseId: "pr_1" }]], []],
    ["past already", promise, [made("pr_1", 1)], ["promise/pr_1 100@5 pr_1"]],
    ["resolved is not delivered", promise, [made("pr_1", 65), [50, "case.resolved", {}]], ["promise/pr_1 100@65 pr_1"]],
    ["the end of the case", promise, [made("pr_1", 65), [50, "case.closed", {}]], []],
    [
      "warned of as the line says",
      clock("promise", "P1D", { warnAt: [50] }),
      [made("pr_1", 65)],
      ["promise/pr_1 50@35 pr_1", "promise/pr_1 100@65 pr_1"],
    ],
  ]);
});

test("a line that crosses owes joint, promises and need-by without naming them; one that observes does not", () => {
  const happened: HistoryRow[] = [
    [0, "case.opened", { needBy: iso(300) }],
    [5, "joint.declared", { accountable: "northtel", parties: [], actor: robot }],
    [5, "promise.made", { promiseId: "pr_1", promisor: "northtel", until: iso(65) }],
  ];
  const line = { ...clock("resolution", "P9D"), needBy: { cure: "PT4H" } };
  const kinds = ["joint", "promise", "need-by"];
  expect(owed(given([lineWith(line)], happened), 200, ...kinds)).toEqual([]);
  expect(owed(given([lineWith({ ...line, mode: "cross" })], happened), 200, ...kinds)).toEqual([
    "need-by 100@60 case/1",
    "promise/pr_1 100@65 pr_1",
    "joint 100@125 handoff/1",
  ]);
});
