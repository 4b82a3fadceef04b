import { expect, test } from "vitest";
import { DrivenCase, at, line } from "../given.ts";
import { PlayedCase, rep } from "./played.ts";

/*
 * The auditor and the simulation found the races that these tests repeat. A deadline depends neither on the delay of a record nor on the
 * actor who records an act.
 */

const support = line({
  clocks: [
    { kind: "stall.idle", target: "PT2H", warnAt: [] },
    { kind: "resolution", target: "PT8H", warnAt: [] },
  ],
});
const program = { party: "northtel", automated: true };
const mail = { contactId: "ct_1", channel: "mail", direction: "inbound", content: "inquiry" };

test("a paused stall.idle stays paused after an act of the customer, even if a rep recorded the act", () => {
  const waits = (): DrivenCase =>
    new DrivenCase(support)
      .open()
      .event("10:00", "case.status-changed", { from: "acknowledged", to: "pending", actor: program });
  for (const actor of [rep, program]) {
    const driven = waits().event("10:30", "case.contacted", { ...mail, actor });
    driven.event("10:30", "case.status-changed", { from: "pending", to: "inProgress", actor: program });
    expect([driven.start("stall.idle"), driven.due("stall.idle")]).toEqual(["case/1", "11:30"]);
  }
  const vendors = { party: "orchard", person: "eng-1", automated: false };
  const note = {
    entryId: "en_1",
    kind: "note",
    audience: "partners",
    by: "party",
    news: true,
    text: "x",
    actor: vendors,
  };
  expect(waits().event("10:30", "entry.added", note).start("stall.idle")).toBe("case/1");
});

test("stall.idle stays paused after it breaches at the instant of a program's pause", () => {
  const driven = new DrivenCase(support).open();
  driven.event("11:00", "case.status-changed", { from: "acknowledged", to: "pending", actor: program }).until("18:00");
  expect(driven.fired.filter((fired) => fired.includes("idle"))).toEqual(["11:00 stall.idle"]);
  expect(driven.due("stall.idle")).toBeUndefined();
});

test("an event that is read late does not reduce the counted time", () => {
  const driven = new DrivenCase(support, "wall").open();
  driven.event("12:00", "case.resolved", { from: "acknowledged" });
  driven.event("10:00", "handoff.claimed", { handoffId: "ho_1", vendor: "orchard" });
  driven.event("13:00", "case.reopened", { from: "resolved", reason: "still broken" });
  expect(driven.due("resolution")).toBe("18:00");
});

test("a live handling on a resolved case is an answer, so the automatic closing is due three days after the handling", () => {
  const one = new PlayedCase({ clocks: [{ kind: "resolution", target: "P2D", warnAt: [] }] }).resolve("10:00");
  const before = one.whole.intake.statusSince;
  one.command("11:00", { type: "start-handling", handlingId: "hd_1", channel: "phone" });
  expect(one.whole.intake.statusSince).toBeGreaterThan(before);
  expect(one.clock("confirmation")).toEqual({ since: `case/${one.whole.intake.statusSince}`, due: "+3 11:00" });
});

test("a clock counts no time before its start, even if an event that is read late ends its pause", () => {
  const resting = line({ clocks: [{ kind: "resolution", target: "PT8H", warnAt: [], pausedWhile: ["offered"] }] });
  const one = { handoffId: "ho_1", vendor: "orchard" };
  const driven = new DrivenCase(resting, "wall").open().event("10:00", "handoff.offered", one);
  driven.event("10:30", "case.confirmed").event("10:30", "case.resolved", { from: "inProgress" });
  driven.event("11:00", "case.reopened", { from: "resolved", reason: "x" }).event("10:45", "handoff.withdrawn", one);
  expect(driven.due("resolution")).toBe("19:00");
});

test("a resolution ends the vendor's information request, and the clock of the request does not start a second time", () => {
  const warned = line({ clocks: [{ kind: "information", target: "PT1H", warnAt: [10] }] });
  const one = { handoffId: "ho_1", vendor: "orchard", code: "needs-log", items: [] };
  const driven = new DrivenCase(warned, "wall").open().event("10:00", "handoff.offered", one);
  driven.event("10:01", "handoff.info-requested", one).until("10:10");
  driven.event("10:10", "case.resolved", { from: "acknowledged" });
  driven.event("10:11", "case.reopened", { from: "resolved", reason: "x" }).until("10:30");
  const ids = driven.messages.flatMap((message) => (message.type === "clock.warned" ? [message.data.firingId] : []));
  expect(new Set(ids).size).toBe(ids.length);
  expect(driven.running).not.toContain("information");
});

test("a move pauses the clock of a handling at once if the new line pauses the clock in the present status", () => {
  const busy = { kind: "stall.busy" as const, target: "PT4M", warnAt: [] };
  const one = { handoffId: "ho_1", vendor: "orchard" };
  const driven = new DrivenCase(line({ clocks: [busy] })).open().event("09:00", "handoff.offered", one);
  driven
    .event("09:01", "handoff.lapsed", one)
    .event("09:02", "case.status-changed", { from: "acknowledged", to: "held" });
  driven
    .event("09:03", "handoff.withdrawn", one)
    .event("09:10", "handling.started", { handlingId: "a", channel: "phone" });
  driven.move("09:11", line({ clocks: [{ ...busy, pausedWhile: ["held"] }] }));
  driven.event("09:12", "handling.continued", { handlingId: "a", channel: "phone" }).until("09:30");
  const clock = driven.state?.clocks.find(({ name }) => name === "stall.busy");
  expect(clock?.counted.at(-1)).toEqual({ from: at("09:10"), to: at("09:11") });
});
