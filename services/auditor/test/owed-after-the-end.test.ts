import { describe, expect, test } from "vitest";
import { closed, contact, reopened, resolved, sent } from "./customer.ts";
import {
  type HistoryRow,
  answer,
  clock,
  createHistory,
  lineWith,
  movedTo,
  outbound,
  missedFirings,
  program,
  testMissed,
} from "./history.ts";

describe("the clock `reply` runs while a company owes a reply on a solved case", () => {
  const line = clock("reply", "PT1H");
  testMissed("reply", [
    ["starts at an inquiry on a resolved case", line, [resolved(1), contact(5, "inquiry")], ["reply 100@65 case/3"]],
    ["does not start on an unsolved case", line, [contact(5, "inquiry")], []],
    [
      "starts at an answer or an article from the customer",
      line,
      [resolved(1), contact(5, "article")],
      ["reply 100@65 case/3"],
    ],
    [
      "does not start at a contact `works` or `still-broken` on a resolved case",
      line,
      [resolved(1), contact(5, "works"), contact(6, "still-broken")],
      [],
    ],
    ["starts at any contact on a closed case", line, [closed(1), contact(5, "works")], ["reply 100@65 case/3"]],
    ["does not start at an automatic reply", line, [closed(1), contact(5, "auto-reply")], []],
    [
      "starts on a cancelled case",
      line,
      [[1, "case.status-changed", { to: "cancelled" }], contact(5, "inquiry")],
      ["reply 100@65 case/3"],
    ],
    [
      "stays the same after a second contact",
      line,
      [closed(1), contact(5, "inquiry"), contact(9, "inquiry")],
      ["reply 100@65 case/3"],
    ],
    ["ends with a person's answer", line, [closed(1), contact(5, "inquiry"), sent(9)], []],
    [
      "does not end with a program's answer",
      line,
      [closed(1), contact(5, "inquiry"), [9, answer, { ...outbound, actor: program }]],
      ["reply 100@65 case/3"],
    ],
    [
      "ends with a live handling",
      line,
      [resolved(1), contact(5, "inquiry"), [9, "handling.started", { handlingId: "a" }]],
      [],
    ],
    ["continues after a reopening", line, [resolved(1), contact(5, "inquiry"), reopened(9)], ["reply 100@65 case/3"]],
    [
      "continues after the end of the case",
      line,
      [resolved(1), contact(5, "inquiry"), closed(9)],
      ["reply 100@65 case/3"],
    ],
    ["moves to the other case at a merge", line, [resolved(1), contact(5, "inquiry"), closed(9, "merged")], []],
    [
      "never pauses",
      clock("reply", "PT1H", { pausedWhile: ["held"] }),
      [closed(1), contact(5, "inquiry"), [9, "case.recorded", { status: "held" }]],
      ["reply 100@65 case/3"],
    ],
  ]);

  test("on a line that crosses, each breach starts the next clock until a person answers", () => {
    const crossing = lineWith({ mode: "cross", ...clock("resolution", "P9D") });
    const history = createHistory([crossing], [closed(1), contact(5, "inquiry"), sent(60 * 24 * 2 + 10)]);
    expect(missedFirings(history, 60 * 24 * 9, "reply").map((one) => one.split(" ")[1])).toEqual([
      "100@1445",
      "100@2885",
    ]);
  });

  test("a move from a line that observes restarts the clock with the target of the new line", () => {
    const lines = [lineWith(line), lineWith({ line: "two", mode: "cross", ...clock("reply", "PT2H") })];
    const history = createHistory(lines, [
      resolved(1),
      contact(5, "inquiry"),
      [70, "case.moved", { ...movedTo("two") }],
    ]);
    expect(missedFirings(history, 200, "reply")).toEqual(["reply 100@65 case/3", "reply 100@190 case/4"]);
  });
});

describe("the clock `confirmation` runs on a resolved case", () => {
  const line = clock("confirmation", "PT1H");
  testMissed("confirmation", [
    ["starts at the resolution", line, [resolved(1)], ["confirmation 100@61 case/2"]],
    ["ends with an inquiry", line, [resolved(1), contact(5, "inquiry")], []],
    [
      "starts again with the answer",
      line,
      [resolved(1), contact(5, "inquiry"), sent(9)],
      ["confirmation 100@69 case/4"],
    ],
    ["starts again with an answer without an inquiry", line, [resolved(1), sent(9)], ["confirmation 100@69 case/3"]],
    [
      "does not start again with a program's answer",
      line,
      [resolved(1), [9, answer, { ...outbound, actor: program }]],
      ["confirmation 100@61 case/2"],
    ],
    [
      "stays the same after an automatic reply",
      line,
      [resolved(1), contact(5, "auto-reply")],
      ["confirmation 100@61 case/2"],
    ],
    [
      "ends with the confirmation",
      line,
      [resolved(1), contact(5, "works"), [5, "case.confirmed", {}], closed(5, "confirmed")],
      [],
    ],
  ]);

  test("a move starts `confirmation` if the customer does not wait for a reply", () => {
    const lines = [lineWith(clock("resolution", "P9D")), lineWith({ line: "two", ...line })];
    const moved: HistoryRow = [20, "case.moved", { ...movedTo("two") }];
    expect(missedFirings(createHistory(lines, [resolved(1), moved]), 200, "confirmation")).toEqual([
      "confirmation 100@80 case/3",
    ]);
    expect(
      missedFirings(createHistory(lines, [resolved(1), contact(5, "inquiry"), moved]), 200, "confirmation"),
    ).toEqual([]);
  });
});
