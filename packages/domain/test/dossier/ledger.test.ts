import { expect, test } from "vitest";
import { commandCase, isRefused, stepKey } from "../../src/index.ts";
import { at } from "../given.ts";
import { entry, openedCase, rep, technician } from "./given.ts";

const step = { name: "reinstall-software", parameters: { version: "4" }, outcome: "failed" } as const;
const tried = {
  entryId: "en_first",
  caseId: "cs_00000000000000000000000001",
  party: "quill",
  person: technician.person,
  at: "2026-03-02T15:00:00Z",
  outcome: "failed",
} as const;
const attempt = (more: object) =>
  commandCase(openedCase(), entry({ kind: "step-tried", step, ...more }), rep, at("09:10"));

test("⚠ a repeated tried step on a device is refused, and the refusal names the person, the instant and the outcome", () => {
  const outcome = attempt({ tried });
  const refused = isRefused(outcome) ? outcome.refused : undefined;
  expect(refused).toMatchObject({ code: "step_already_tried", facts: { tried } });
  expect(refused?.detail).toContain("tech-1 of quill at 2026-03-02T15:00:00Z: failed");
});

test("a tried step with a reason is accepted, and its entry names the repeated step and the reason", () => {
  const outcome = attempt({ tried, again: "the customer had not restarted" });
  expect(isRefused(outcome)).toBe(false);
  const repeats = { entryId: "en_first", reason: "the customer had not restarted" };
  expect(!isRefused(outcome) && outcome.messages[0]?.data).toMatchObject({ repeats });
});

test("if a tried step repeats no earlier step, its reason is not stored", () => {
  const outcome = attempt({ again: "to be sure" });
  expect(!isRefused(outcome) && outcome.messages[0]?.data).not.toHaveProperty("repeats");
  expect(!isRefused(outcome) && outcome.messages[0]?.data).not.toHaveProperty("again");
});

test("the key of a tried step depends on neither the order of its parameters nor its outcome", () => {
  const key = stepKey({ name: "reset", parameters: { a: "1", b: "2" } });
  expect(stepKey({ name: "reset", parameters: { b: "2", a: "1" } })).toBe(key);
  const others = [
    { name: "reset", parameters: { a: "1" } },
    { name: "reset", parameters: { a: "2", b: "1" } },
    { name: "reset-all", parameters: { a: "1", b: "2" } },
  ];
  for (const other of others) expect(stepKey(other)).not.toBe(key);
});
