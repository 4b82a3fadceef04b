import { expect, test } from "vitest";
import { type Given, answer, clock, fire, given, inbound, lineWith, movedTo, outbound, owed } from "./given.ts";

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
