import { describe, expect, test } from "vitest";
import { closed, contact, reopened, resolved, sent } from "./customer.ts";
import { type HistoryRow, answer, clock, given, lineWith, movedTo, outbound, owed, robot, rows } from "./given.ts";

describe("an answer that is owed after the end", () => {
  const line = clock("reply", "PT1H");
  rows("reply", [
    ["an inquiry on a resolved case", line, [resolved(1), contact(5, "inquiry")], ["reply 100@65 case/3"]],
    ["not on an unsolved one", line, [contact(5, "inquiry")], []],
    [
      "an answer or a link that the customer sends asks, too",
      line,
      [resolved(1), contact(5, "article")],
      ["reply 100@65 case/3"],
    ],
    [
      "works and still-broken do not, where it is resolved",
      line,
      [resolved(1), contact(5, "works"), contact(6, "still-broken")],
      [],
    ],
    ["any contact on a closed case", line, [closed(1), contact(5, "works")], ["reply 100@65 case/3"]],
    ["an automatic reply is none", line, [closed(1), contact(5, "auto-reply")], []],
    [
      "on a cancelled case",
      line,
      [[1, "case.status-changed", { to: "cancelled" }], contact(5, "inquiry")],
      ["reply 100@65 case/3"],
    ],
    [
      "a second contact changes nothing",
      line,
      [closed(1), contact(5, "inquiry"), contact(9, "inquiry")],
      ["reply 100@65 case/3"],
    ],
    ["ends with a person's answer", line, [closed(1), contact(5, "inquiry"), sent(9)], []],
    [
      "not with a program's",
      line,
      [closed(1), contact(5, "inquiry"), [9, answer, { ...outbound, actor: robot }]],
      ["reply 100@65 case/3"],
    ],
    [
      "ends with a live handling",
      line,
      [resolved(1), contact(5, "inquiry"), [9, "handling.started", { handlingId: "a" }]],
      [],
    ],
    ["a reopening leaves it running", line, [resolved(1), contact(5, "inquiry"), reopened(9)], ["reply 100@65 case/3"]],
    ["so does the end of the case", line, [resolved(1), contact(5, "inquiry"), closed(9)], ["reply 100@65 case/3"]],
    ["merged into another case it is owed there", line, [resolved(1), contact(5, "inquiry"), closed(9, "merged")], []],
    [
      "nothing makes it rest",
      clock("reply", "PT1H", { pausedWhile: ["held"] }),
      [closed(1), contact(5, "inquiry"), [9, "case.recorded", { status: "held" }]],
      ["reply 100@65 case/3"],
    ],
  ]);

  test("where the line crosses each breach begins the next, until it is answered", () => {
    const crossing = lineWith({ mode: "cross", ...clock("resolution", "P9D") });
    const history = given([crossing], [closed(1), contact(5, "inquiry"), sent(60 * 24 * 2 + 10)]);
    expect(owed(history, 60 * 24 * 9, "reply").map((one) => one.split(" ")[1])).toEqual(["100@1445", "100@2885"]);
  });

  test("a move from a line that observes restarts it, with the new line's target", () => {
    const lines = [lineWith(line), lineWith({ line: "two", mode: "cross", ...clock("reply", "PT2H") })];
    const history = given(lines, [resolved(1), contact(5, "inquiry"), [70, "case.moved", { ...movedTo("two") }]]);
    expect(owed(history, 200, "reply")).toEqual(["reply 100@65 case/3", "reply 100@190 case/4"]);
  });
});

describe("the automatic closing", () => {
  const line = clock("confirmation", "PT1H");
  rows("confirmation", [
    ["from the cure on", line, [resolved(1)], ["confirmation 100@61 case/2"]],
    ["an inquiry ends it", line, [resolved(1), contact(5, "inquiry")], []],
    ["the answer begins it again", line, [resolved(1), contact(5, "inquiry"), sent(9)], ["confirmation 100@69 case/4"]],
    ["an answer without a question, too", line, [resolved(1), sent(9)], ["confirmation 100@69 case/3"]],
    [
      "a program's does not",
      line,
      [resolved(1), [9, answer, { ...outbound, actor: robot }]],
      ["confirmation 100@61 case/2"],
    ],
    ["an automatic reply does nothing", line, [resolved(1), contact(5, "auto-reply")], ["confirmation 100@61 case/2"]],
    ["confirmed", line, [resolved(1), contact(5, "works"), [5, "case.confirmed", {}], closed(5, "confirmed")], []],
  ]);

  test("a move begins it where the customer does not wait for an answer", () => {
    const lines = [lineWith(clock("resolution", "P9D")), lineWith({ line: "two", ...line })];
    const moved: HistoryRow = [20, "case.moved", { ...movedTo("two") }];
    expect(owed(given(lines, [resolved(1), moved]), 200, "confirmation")).toEqual(["confirmation 100@80 case/3"]);
    expect(owed(given(lines, [resolved(1), contact(5, "inquiry"), moved]), 200, "confirmation")).toEqual([]);
  });
});
