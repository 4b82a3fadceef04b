import { expect, test } from "vitest";
import { openHandoffOf, waitFor } from "../../src/index.ts";
import { line } from "../given.ts";
import { at } from "../given.ts";
import { DrivenHandoff, rep } from "./driven-handoff.ts";

const target = { critical: "PT10M", else: "PT1H" };
const byLine = line({
  clocks: [{ kind: "vendor.acceptance", target, warnAt: [] }],
  crossing: [{ to: "queue:orchard.handheld", mode: "ticket", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/"],
});
const raise = { from: "minor", to: "critical" };

test("a change of severity changes the desk's deadline in `acceptBy`", () => {
  const driven = new DrivenHandoff(byLine).open().cross("09:10");
  expect(openHandoffOf(driven.crossing)).toMatchObject({ acceptBy: at("10:10") });
  expect(openHandoffOf(driven.event("09:15", "case.severity-changed", raise).crossing)).toMatchObject({
    acceptBy: at("09:20"),
  });
  const late = new DrivenHandoff(byLine).open().cross("09:10").event("09:40", "case.severity-changed", raise);
  expect(openHandoffOf(late.crossing)).toMatchObject({ acceptBy: at("09:40") });
});

test("`acceptBy` counts the time before an information request, and not the time while the request is open", () => {
  const driven = new DrivenHandoff(byLine).open().cross("09:10").execute("09:15", { type: "claim" });
  driven.execute("09:16", { type: "request-info", code: "needs-log", items: [] });
  driven.event("10:00", "case.severity-changed", raise);
  driven.execute("10:30", { type: "release" });
  expect(openHandoffOf(driven.crossing)).toMatchObject({ phase: "offered", acceptBy: at("10:34") });
});

test("a move to another line changes the desk's deadline in `acceptBy`", () => {
  const driven = new DrivenHandoff(byLine).open().cross("09:10");
  driven.event("09:30", "case.moved", { from: byLine.ref, line: byLine.ref, reason: "x", actor: rep });
  expect(openHandoffOf(driven.crossing)).toMatchObject({ acceptBy: at("10:10") });
});

test("after a move, a case without a line step left takes the first step of the new line, and the calls end", () => {
  const driven = new DrivenHandoff(byLine).open().cross("09:10").breach("10:10", "vendor.acceptance");
  expect(driven.types.slice(-2)).toEqual(["line.exhausted", "last-resort.called"]);
  driven.event("10:20", "case.moved", { from: byLine.ref, line: byLine.ref, reason: "x", actor: rep });
  expect(driven.types.at(-1)).toBe("handoff.offered");
  expect(waitFor(driven.crossing, "last-resort")).toBeUndefined();
});

test("the brief lists the entries of a merged case in the order of their instants", () => {
  const driven = new DrivenHandoff(byLine).open("09:00", { symptom: undefined });
  const step = (name: string) => ({ name, parameters: {}, outcome: "failed" });
  const tried = { kind: "step-tried", audience: "partners", by: "party", news: true };
  driven.event("09:30", "entry.added", { entryId: "en_1", ...tried, step: step("reset") });
  driven.event("09:40", "case.merged", {
    from: "cs_x",
    carrierCaseId: "NT-2",
    reason: "the same",
    clocks: [],
    contacts: { count: 3, byChannel: { chat: 2, phone: 1 }, lastAt: "2026-03-07T14:20:00Z" },
    entries: [{ at: "2026-03-07T14:05:00Z", actor: rep, kind: "step-tried", by: "party", step: step("other charger") }],
    symptom: "dead-device",
  });
  driven.cross("09:50");
  const { brief } = driven.last("queue.offered").data;
  expect(brief.tried.map((one) => one.step.name)).toEqual(["other charger", "reset"]);
  expect(brief).toMatchObject({ symptom: "dead-device", contacts: { count: 4, byChannel: { chat: 2, phone: 2 } } });
});
