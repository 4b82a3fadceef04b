import { expect, test } from "vitest";
import {
  type Given,
  answer,
  clock,
  fire,
  given,
  inbound,
  lineWith,
  handoff,
  movedTo,
  outbound,
  owed,
  robot,
} from "./given.ts";

const four = lineWith(clock("resolution", "PT4H", { warnAt: [50] }));
const two = lineWith({ line: "two", ...clock("resolution", "PT2H", { warnAt: [75] }) });
const moved: Given = [119.5, "case.moved", { ...movedTo("two"), from: {} }];
const fired = { clock: "resolution", kind: "resolution", incarnation: "case/1" } as const;

test("the wall's timer may have fired by the line that the case had before it read of the move", () => {
  const history = given([four, two], [moved], "wall");
  expect(fire(history, 120, { ...fired, threshold: 50 }, { case: 1, handoff: 0 })).toBe("raced");
  // What has fired stays fired: the new line's 75 % and 100 % are left, and due at the move or after.
  expect(owed(history, 1_440, "resolution")).toEqual(["resolution 75@119.5 case/1", "resolution 100@120 case/1"]);
});

test("once it has read of the move, only the new line counts", () => {
  const history = given([four, two], [moved], "wall");
  expect(fire(history, 120, { ...fired, threshold: 50 })).toBe("unfounded");
  expect(fire(history, 119.5, { ...fired, threshold: 75 })).toBe("as-expected");
  expect(fire(history, 120, fired)).toBe("as-expected");
});

test("what a clock has counted in other hours, with rests, nobody can count anew: the timer's word is taken", () => {
  const office = lineWith({ line: "two", ...clock("resolution", "PT2H", { calendar: "office" }) });
  const rest: Given[] = [
    [10, "case.resolved", {}],
    [20, "case.reopened", {}],
    [30, "case.moved", { ...movedTo("two"), from: {} }],
  ];
  const history = given([four, office], rest);
  expect(fire(history, 137, fired)).toBe("unsure");
});

test("of a case that was kept before the kind had rules, nothing of the kind is owed", () => {
  const history = given([lineWith(clock("next-update", "PT1H"))], [[1, answer, outbound]]);
  const { form, ...before } = structuredClone(history.state);
  expect(form).toBeDefined();
  for (const state of [history.state, before]) history.goOn(state, [2, answer, inbound]);
  expect(owed(history, 1_440, "next-update")).toEqual(["next-update 100@62 case/3"]);
  expect(owed({ ...history, state: before }, 1_440, "next-update")).toEqual([]);
});

const byTwo = { from: "critical", to: "major" };

test("what fired before it was read that it is due later does not fire again", () => {
  const line = lineWith(clock("resolution", "P1D", { target: { critical: "PT1H", else: "PT2H" }, warnAt: [50] }));
  const history = given(
    [line],
    [
      [0, "case.opened", { severity: "critical" }],
      [29.9, "case.severity-changed", byTwo],
      [70, "handoff.claimed", handoff],
    ],
    "wall",
  );
  expect(fire(history, 30, { ...fired, threshold: 50 }, { case: 1, handoff: 0 })).toBe("raced");
  expect(owed(history, 1_440, "resolution")).toEqual(["resolution 100@120 case/1"]);
});

const silence = { clock: "stall.idle", kind: "stall.idle" } as const;
const crossing = (name: string, target: string, warnAt: number[]) =>
  lineWith({ line: name, mode: "cross", ...clock("stall.idle", target, { warnAt }) });

test("a silence that goes on has the number of its breach, not of a warning that was due with it", () => {
  const lines = [crossing("one", "PT30M", []), crossing("two", "PT10M", [50])];
  const anew: Given = [10, "case.moved", { ...movedTo("two"), from: {}, actor: robot }];
  const history = given(lines, [anew, [10.5, "handoff.lapsed", { ...handoff, actor: robot }]]);
  expect(fire(history, 10, { ...silence, incarnation: "case/1", threshold: 50, sequence: 1 })).toBe("as-expected");
  expect(fire(history, 10, { ...silence, incarnation: "case/1", sequence: 2 })).toBe("as-expected");
  expect(fire(history, 15, { ...silence, incarnation: "clock/2", threshold: 50, sequence: 3 })).toBe("as-expected");
});

test("a silence under a new line warns as that line says from its next breach on", () => {
  const lines = [crossing("one", "PT30M", [20]), crossing("two", "PT30M", [50])];
  const history = given(lines, [[10, "case.moved", { ...movedTo("two"), from: {}, actor: robot }]]);
  expect(owed(history, 50, "stall.idle").map((one) => one.split(" ")[1])).toEqual(["20@6", "50@15", "100@30", "50@45"]);
});

test("a warning that overtook a sign of life is not taken for one of the silence after it", () => {
  const lines = [crossing("one", "PT25M", [75])];
  const history = given(
    lines,
    [
      [93.5, "case.contacted", outbound],
      [119, "handoff.lapsed", { ...handoff, actor: robot }],
    ],
    "wall",
  );
  const read = { case: 1, handoff: 0 };
  for (const [minutes, incarnation, sequence] of [
    [25, "case/1", 10],
    [50, "clock/10", 15],
    [75, "clock/15", 18],
  ] as const) {
    fire(history, minutes - 6.25, { ...silence, incarnation, threshold: 75, sequence: sequence - 1 }, read);
    expect(fire(history, minutes, { ...silence, incarnation, sequence }, read)).toBe("as-expected");
  }
  expect(fire(history, 93.75, { ...silence, incarnation: "clock/18", threshold: 75, sequence: 20 }, read)).toBe(
    "raced",
  );
  expect(fire(history, 118.5, { ...silence, incarnation: "case/2", sequence: 23 })).toBe("as-expected");
  expect(fire(history, 143.5, { ...silence, incarnation: "clock/23", sequence: 25 })).toBe("as-expected");
});
