import { type CaseFacts, chooseLine, lintLineDocument, readCondition } from "@crossline/domain";
import type { MatchableLine } from "../src/line/match.ts";
import fc from "fast-check";
import { expect, test } from "vitest";

const phone: CaseFacts = {
  kind: "fault",
  severity: "major",
  channel: "phone",
  title: "SIM not found",
  carrier: "northtel",
  device: { vendor: "orchard", model: "o-12" },
};

test.each([
  ['case.device.vendor == "orchard" && case.kind == "fault"', true],
  ['case.device.os == ""', true],
  ["has(case.needBy)", false],
  ['case.title.like("^SIM")', true],
  ['case.severity in ["critical"]', false],
])("%s is %s for a phone", (text, holds) => {
  const read = readCondition(text);
  expect(read.ok && read.condition(phone)).toEqual({ holds });
});

test("a condition can read the need-by of a case", () => {
  const read = readCondition("has(case.needBy)");
  expect(read.ok && read.condition({ ...phone, needBy: "2026-10-05T13:00:00Z" })).toEqual({ holds: true });
});

test.each([
  ["of text", "case.kind"],
  ["that is not CEL", "case.kind =="],
  ["of a field that does not exist", 'case.knd == "x"'],
  ["that compares different types", "case.kind == 1"],
  ["with a pattern that backtracks", 'case.title.matches("(a+)+$")'],
  ["with an invalid pattern", 'case.title.like("(")'],
  ["with a pattern that is not a literal", "case.title.like(case.kind)"],
  ["that loops", "[1, 2].exists(x, x == 1)"],
  ["that is nested too deeply", `${"!".repeat(300)}true`],
])("a condition %s is refused, and the refusal names its place", (_, match) => {
  const result = lintLineDocument({ ...correct, match });
  expect(result).toMatchObject({ ok: false, faults: [{ at: "/match" }] });
});

const correct = {
  line: "handheld",
  calendar: "24x7",
  clocks: [{ kind: "stall.busy", target: "PT20M" }],
  crossing: [{ to: "queue:orchard.handheld" }],
  lastResort: ["https://northtel.example/duty"],
};

function line(name: string, text: string, order?: number): MatchableLine {
  const read = readCondition(text);
  if (!read.ok) throw new Error(read.message);
  return { ref: { carrier: "northtel", name, version: 3 }, condition: read.condition, order };
}

const asking = { carrier: "northtel", facts: phone };

test("a line that the request names takes precedence, and the name of an unpublished line is refused", () => {
  const lines = [line("a", "true")];
  const named = { name: "named", version: 4 };
  expect(chooseLine({ ...asking, lines, named })).toMatchObject({
    ref: { ...named, carrier: "northtel" },
    alarm: false,
  });
  expect(chooseLine({ ...asking, lines, named: { name: "none", version: undefined } })).toBeUndefined();
});

test("the case gets the first matching line by order and then by name, and the result names the reason", () => {
  const lines = [line("b", "true"), line("a", "true"), line("z", 'case.kind == "fault"', 1), line("y", "false", 0)];
  expect(chooseLine({ ...asking, lines: lines })).toMatchObject({
    ref: { name: "z", version: 3 },
    reason: "matched z@3",
    alarm: false,
  });
  expect(chooseLine({ ...asking, lines: lines.slice(0, 2) })).toMatchObject({ ref: { name: "a" } });
});

test("⚠ if no line matches, the case gets the default line, or the built-in line with an alarm", () => {
  const otherwise = { carrier: "northtel", name: "usual", version: 2 };
  expect(chooseLine({ ...asking, lines: [line("y", "false")], otherwise })).toMatchObject({
    ref: otherwise,
    alarm: false,
  });
  expect(chooseLine({ ...asking, lines: [] })).toMatchObject({ ref: { carrier: "builtin" }, alarm: true });
});

test("if the evaluation of a match condition fails, its line does not match, and the result names this line", () => {
  const lines = [line("bad", "1 / (case.kind.size() - 5) == 1"), line("good", "true")];
  expect(chooseLine({ ...asking, lines: lines })).toMatchObject({ ref: { name: "good" }, failed: [{ line: "bad" }] });
});

test("no condition throws when it is parsed or evaluated, and the lint accepts exactly the conditions that can be parsed", () => {
  const written = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom("case.x", "[.x", "has(.x", "true", "case.kind"),
  );
  fc.assert(
    fc.property(written, (text) => {
      const read = readCondition(text);
      const holds = read.ok ? read.condition(phone).holds : false;
      expect(typeof holds).toBe("boolean");
      expect(lintLineDocument({ ...correct, match: text }).ok).toBe(read.ok);
    }),
  );
});

test.each([
  ["a later version of the language", { schema: 2 }, "/schema"],
  ["a promise with pauses", { clocks: [{ kind: "promise", pausedWhile: ["held"] }] }, "/clocks/0/pausedWhile"],
  ["a repeated trigger", { triggers: [{ on: "reopened" }, { on: "reopened" }] }, "/triggers/1"],
  ["a step that repeats the previous one", { crossing: [...correct.crossing, ...correct.crossing] }, "/crossing/1"],
])("the lint reports %s", (_, change, at) => {
  expect(lintLineDocument({ ...correct, ...change })).toMatchObject({ ok: false, faults: [{ at }] });
});
