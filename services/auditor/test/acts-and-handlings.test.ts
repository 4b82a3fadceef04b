import type { LineDocument } from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import { closed, contact, reopened, sent } from "./customer.ts";
import {
  type HistoryRow,
  answer,
  clock,
  createHistory,
  handoff,
  lineWith,
  movedTo,
  outbound,
  missedFirings,
  pending,
  program,
  testMissed,
} from "./history.ts";

describe("the acting side of an event decides which clocks restart", () => {
  const idle = clock("stall.idle", "PT1H");
  testMissed("stall.idle", [
    [
      "a customer's contact delays no clock, even if a rep records it",
      idle,
      [contact(20, "inquiry"), contact(50, "inquiry")],
      ["stall.idle 100@60 case/1"],
    ],
    [
      "an entry by the customer delays no clock",
      idle,
      [[20, "entry.added", { kind: "hypothesis", by: "customer", news: true }]],
      ["stall.idle 100@60 case/1"],
    ],
    [
      "an automatic reply delays no clock in either direction",
      idle,
      [[20, answer, { ...outbound, content: "auto-reply" }], contact(30, "auto-reply")],
      ["stall.idle 100@60 case/1"],
    ],
    ["a program delays no clock", idle, [[20, answer, { ...outbound, actor: program }]], ["stall.idle 100@60 case/1"]],
    ["a person of the holder restarts the clock", idle, [sent(20)], ["stall.idle 100@80 case/2"]],
    [
      "a person of the other company does not end the pause of a program",
      idle,
      [
        [20, "case.status-changed", { ...pending, actor: program }],
        [30, "entry.added", { kind: "note", by: "party", actor: handoff.actor }],
        [30, "case.status-changed", { from: "pending", to: "inProgress", actor: program }],
      ],
      ["stall.idle 100@70 case/1"],
    ],
    [
      "the customer does not end the pause of a program",
      idle,
      [
        [20, "case.status-changed", { ...pending, actor: program }],
        contact(30, "inquiry"),
        [30, "case.status-changed", { from: "pending", to: "inProgress", actor: program }],
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
  testMissed("stall.busy", [
    [
      "counts for three minutes after its last heartbeat",
      clock("stall.busy", "PT4M"),
      [started(1, "a"), beat(3, "a")],
      ["stall.busy 100@5 case/2"],
    ],
    ["does not count after these three minutes", clock("stall.busy", "PT6M"), [started(1, "a"), beat(3, "a")], []],
    ["counts until its end under a line with `until: ended`", lasting, [started(1, "a")], ["stall.busy 100@21 case/2"]],
    [
      "counts at most for the maximum of the line",
      { ...lasting, ...clock("stall.busy", "PT31M") },
      [started(1, "a")],
      [],
    ],
    [
      "counts until the maximum or three minutes after its last heartbeat, whichever is later",
      { ...lasting, ...clock("stall.busy", "PT31M") },
      [started(1, "a"), beat(20, "a"), beat(30, "a")],
      ["stall.busy 100@32 case/2"],
    ],
    ["ends before the maximum", lasting, [started(1, "a"), over(15, "a")], []],
    [
      "ends while another handling is live for a shorter time",
      clock("stall.busy", "PT4M"),
      [started(1, "a"), started(3, "b"), over(3, "b")],
      [],
    ],
    ["ends with the case", lasting, [started(1, "a"), closed(5), reopened(6)], []],
  ]);

  test("the line at the start of a live handling sets the length of the handling, even if the case moves to another line", () => {
    const [short, long] = [lineWith(clock("stall.busy", "PT20M")), lineWith({ line: "two", ...lasting })];
    const moved = (name: string): HistoryRow => [2, "case.moved", { ...movedTo(name) }];
    const toLong = createHistory([short, long], [started(1, "a"), moved("two"), beat(3, "a")]);
    expect(missedFirings(toLong, 60, "stall.busy")).toEqual([]);
    const toShort = createHistory([long, short], [started(1, "a"), moved("one"), beat(3, "a")]);
    expect(missedFirings(toShort, 60, "stall.busy")).toEqual(["stall.busy 100@21 case/2"]);
  });

  test("the carrier's `stall.busy` does not count a live handling of the vendor", () => {
    const agents: HistoryRow = [1, "handling.started", { handlingId: "a", channel: "chat", actor: handoff.actor }];
    expect(missedFirings(createHistory([lineWith(clock("stall.busy", "PT2M"))], [agents]), 60, "stall.busy")).toEqual(
      [],
    );
  });
});
