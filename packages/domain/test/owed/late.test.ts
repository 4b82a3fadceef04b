import { expect, test } from "vitest";
import { DrivenCase, line } from "../given.ts";
import { PlayedCase, rep } from "./played.ts";

/* Races that the auditor and the simulation found: what is read late, or written down by another hand, changes no deadline. */

const support = line({
  clocks: [
    { kind: "stall.idle", target: "PT2H", warnAt: [] },
    { kind: "resolution", target: "PT8H", warnAt: [] },
  ],
});
const robot = { party: "northtel", automated: true };
const mail = { contactId: "ct_1", channel: "mail", direction: "inbound", content: "inquiry" };

test("a customer's act leaves a silence alone that a program lets rest, whoever typed the act in", () => {
  const waits = (): DrivenCase =>
    new DrivenCase(support)
      .open()
      .event("10:00", "case.status-changed", { from: "acknowledged", to: "pending", actor: robot });
  for (const actor of [rep, robot]) {
    const driven = waits().event("10:30", "case.contacted", { ...mail, actor });
    driven.event("10:30", "case.status-changed", { from: "pending", to: "inProgress", actor: robot });
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

test("a silence that breaches just when a program lets it rest goes on resting", () => {
  const driven = new DrivenCase(support).open();
  driven.event("11:00", "case.status-changed", { from: "acknowledged", to: "pending", actor: robot }).until("18:00");
  expect(driven.fired.filter((fired) => fired.includes("idle"))).toEqual(["11:00 stall.idle"]);
  expect(driven.due("stall.idle")).toBeUndefined();
});

test("an event that is read late takes back no time that was counted", () => {
  const driven = new DrivenCase(support, "wall").open();
  driven.event("12:00", "case.resolved", { from: "acknowledged" });
  driven.event("10:00", "handoff.claimed", { handoffId: "ho_1", vendor: "orchard" });
  driven.event("13:00", "case.reopened", { from: "resolved", reason: "still broken" });
  expect(driven.due("resolution")).toBe("18:00");
});

test("a live handling on a resolved case is an answer: the breach of the confirmation before it closes nothing", () => {
  const one = new PlayedCase({ clocks: [{ kind: "resolution", target: "P2D", warnAt: [] }] }).resolve("10:00");
  const before = one.whole.intake.statusSince;
  one.command("11:00", { type: "start-handling", handlingId: "hd_1", channel: "phone" });
  expect(one.whole.intake.statusSince).toBeGreaterThan(before);
  expect(one.clock("confirmation")).toEqual({ since: `case/${one.whole.intake.statusSince}`, due: "+3 11:00" });
});
