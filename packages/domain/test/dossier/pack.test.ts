import { expect, test } from "vitest";
import { type CaseState, commandCase, completeness, isRefused, missingItems } from "../../src/index.ts";
import { defaultLettersMs } from "../../src/line/line.ts";
import { at } from "../given.ts";
import { entry, openedCase, rep, write } from "./given.ts";

const requires = [
  { item: "device.model", from: "carrier" },
  { item: "subject.imei", from: "customer" },
  { item: "activation-code", from: "carrier" },
  { item: "firmware", from: "vendor" },
] as const;
const fact = (name: string, audience: "partners" | "internal" = "partners") =>
  entry({ kind: "fact", fact: { name, value: "x" }, audience });
const missing = (state: CaseState) =>
  missingItems(state.requires ?? [], { ...state, facts: state.facts ?? [] }).map(({ item, from }) => `${item} ${from}`);

test("the case lists its missing items in the order of the line, each with the party that must supply the item", () => {
  expect(missing(openedCase({ requires, device: { vendor: "quill" } }))).toEqual([
    "device.model carrier",
    "subject.imei customer",
    "activation-code carrier",
    "firmware vendor",
  ]);
});

test("a fact fills the item of the same name, and the fact `device-model` fills the item `device.model`", () => {
  const { state } = write(openedCase({ requires }), [fact("activation-code"), fact("device-model")]);
  expect(missing(state)).toEqual(["subject.imei customer", "firmware vendor"]);
});

test("an internal entry fills no item", () => {
  const { state } = write(openedCase({ requires }), [fact("activation-code", "internal")]);
  expect(missing(state)).toContain("activation-code carrier");
});

test("an identity in a later contact fills the item of that identity", () => {
  const contact = {
    type: "contact",
    contactId: "ct_1",
    channel: "chat",
    direction: "inbound",
    content: "inquiry",
    subject: { imei: "490154203237518", name: "Somebody", customerId: "C-9" },
  } as const;
  const opened = openedCase({ requires, subject: { name: "B. Customer" } });
  const outcome = commandCase(opened, contact, rep, at("09:10"));
  if (isRefused(outcome)) throw new Error(outcome.refused.detail);
  expect(outcome.state.subject).toEqual({ name: "B. Customer", imei: "490154203237518" });
  expect(missing(outcome.state)).not.toContain("subject.imei customer");
});

test("facts that were added before a move fill items of the new line", () => {
  const { state } = write(openedCase(), [fact("activation-code")]);
  const to = { ref: { carrier: "northtel", name: "other", version: 1 }, requires, lettersMs: defaultLettersMs };
  const outcome = commandCase(state, { type: "move", to, reason: "broadband after all" }, rep, at("09:20"));
  if (isRefused(outcome)) throw new Error(outcome.refused.detail);
  expect(missing(outcome.state)).not.toContain("activation-code carrier");
});

test.each([
  [0, 0, 100],
  [4, 0, 100],
  [4, 1, 75],
  [3, 1, 66],
  [3, 3, 0],
])("of %i items %i are missing, so the case is %i percent complete", (all, lacking, percent) => {
  const items = Array.from({ length: all }, (_, index) => ({ item: `i-${index}`, from: "carrier" as const }));
  expect(completeness(items, items.slice(0, lacking))).toBe(percent);
});
