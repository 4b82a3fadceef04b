import type { LineDocument } from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import { closed, contact, reopened, sent } from "./customer.ts";
import {
  type HistoryRow,
  answer,
  clock,
  given,
  handoff,
  lineWith,
  movedTo,
  outbound,
  owed,
  pending,
  robot,
  rows,
} from "./given.ts";

describe("whose act it is", () => {
  const idle = clock("stall.idle", "PT1H");
  rows("stall.idle", [
    [
      "a customer's contact delays no clock, also where a rep records it",
      idle,
      [contact(20, "inquiry"), contact(50, "inquiry")],
      ["stall.idle 100@60 case/1"],
    ],
    [
      "nor do the customer's own words",
      idle,
      [[20, "entry.added", { kind: "hypothesis", by: "customer", news: true }]],
      ["stall.idle 100@60 case/1"],
    ],
    [
      "nor does an automatic reply, either way",
      idle,
      [[20, answer, { ...outbound, content: "auto-reply" }], contact(30, "auto-reply")],
      ["stall.idle 100@60 case/1"],
    ],
    ["nor a program", idle, [[20, answer, { ...outbound, actor: robot }]], ["stall.idle 100@60 case/1"]],
    ["a person of the holder does", idle, [sent(20)], ["stall.idle 100@80 case/2"]],
    [
      "nor does a person of the other party, while a program lets it rest",
      idle,
      [
        [20, "case.status-changed", { ...pending, actor: robot }],
        [30, "entry.added", { kind: "note", by: "party", actor: handoff.actor }],
        [30, "case.status-changed", { from: "pending", to: "inProgress", actor: robot }],
      ],
      ["stall.idle 100@70 case/1"],
    ],
    [
      "the customer does not end what rests for a program",
      idle,
      [
        [20, "case.status-changed", { ...pending, actor: robot }],
        contact(30, "inquiry"),
        [30, "case.status-changed", { from: "pending", to: "inProgress", actor: robot }],
      ],
      ["stall.idle 100@70 case/1"],
    ],
  ]);
});

describe("a live handling", () => {
  const lasting: Partial<LineDocument> = {
    ...clock("stall.busy", "PT20M"),
    handlings: { until: "ended", max: "PT30M" },
  };
  const started = (minutes: number, id: string): HistoryRow => [
    minutes,
    "handling.started",
    { handlingId: id, channel: "phone" },
  ];
  const beat = (minutes: number, id: string): HistoryRow => [
    minutes,
    "handling.continued",
    { handlingId: id, channel: "phone" },
  ];
  const over = (minutes: number, id: string): HistoryRow => [
    minutes,
    "handling.ended",
    { handlingId: id, channel: "phone" },
  ];
  rows("stall.busy", [
    [
      "counts for three minutes after its last sign of life",
      clock("stall.busy", "PT4M"),
      [started(1, "a"), beat(3, "a")],
      ["stall.busy 100@5 case/2"],
    ],
    ["and no longer", clock("stall.busy", "PT6M"), [started(1, "a"), beat(3, "a")], []],
    ["or until it is ended, where the line says so", lasting, [started(1, "a")], ["stall.busy 100@21 case/2"]],
    ["at most for so long", { ...lasting, ...clock("stall.busy", "PT31M") }, [started(1, "a")], []],
    [
      "or three minutes after its last sign of life, whichever is later",
      { ...lasting, ...clock("stall.busy", "PT31M") },
      [started(1, "a"), beat(20, "a"), beat(30, "a")],
      ["stall.busy 100@32 case/2"],
    ],
    ["ended before", lasting, [started(1, "a"), over(15, "a")], []],
    [
      "ended while another is live that counts for less",
      clock("stall.busy", "PT4M"),
      [started(1, "a"), started(3, "b"), over(3, "b")],
      [],
    ],
    ["ends with the case", lasting, [started(1, "a"), closed(5), reopened(6)], []],
  ]);

  test("counts by the line that it started under, whatever line its case is moved to", () => {
    const [short, long] = [lineWith(clock("stall.busy", "PT20M")), lineWith({ line: "two", ...lasting })];
    const moved = (name: string): HistoryRow => [2, "case.moved", { ...movedTo(name) }];
    const toLong = given([short, long], [started(1, "a"), moved("two"), beat(3, "a")]);
    expect(owed(toLong, 60, "stall.busy")).toEqual([]);
    const toShort = given([long, short], [started(1, "a"), moved("one"), beat(3, "a")]);
    expect(owed(toShort, 60, "stall.busy")).toEqual(["stall.busy 100@21 case/2"]);
  });

  test("of the vendor counts nothing for the carrier", () => {
    const agents: HistoryRow = [1, "handling.started", { handlingId: "a", channel: "chat", actor: handoff.actor }];
    expect(owed(given([lineWith(clock("stall.busy", "PT2M"))], [agents]), 60, "stall.busy")).toEqual([]);
  });
});
