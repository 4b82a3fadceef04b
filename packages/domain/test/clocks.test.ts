import { describe, expect, test } from "vitest";
import { builtinLine, explain, isEnded } from "../src/index.ts";
import { DrivenCase, at, line } from "./given.ts";

const busy = line({ clocks: [{ kind: "stall.busy", target: "PT20M", warnAt: [50, 75, 90] }] });
const onlyBusy = (driven: DrivenCase) => driven.fired.filter((fired) => fired.includes("stall.busy"));

describe("stall.busy", () => {
  test("warns at 50, 75 and 90 % and breaches after 20 handling minutes without progress", () => {
    const driven = new DrivenCase(busy).open().call("09:00", "09:40");
    expect(onlyBusy(driven)).toEqual([
      "09:10 stall.busy 50",
      "09:15 stall.busy 75",
      "09:18 stall.busy 90",
      "09:20 stall.busy",
    ]);
  });

  test("starts again with progress: a step tried at 09:15 moves the breach to 09:35", () => {
    const step = {
      kind: "step-tried",
      by: "party",
      news: true,
      step: { name: "reboot", parameters: {}, outcome: "failed" },
    };
    const driven = new DrivenCase(busy).open().call("09:00", "09:15", { ends: false });
    driven.event("09:15", "entry.added", step).call("09:15", "09:40");
    expect(onlyBusy(driven).at(-1)).toBe("09:35 stall.busy");
  });

  test.each([
    ["a note", "entry.added", { kind: "note", by: "party", text: "still checking", news: true }],
    ["a status flip", "case.status-changed", { from: "acknowledged", to: "inProgress" }],
    [
      "the customer's own hypothesis",
      "entry.added",
      { kind: "hypothesis", by: "customer", text: "memory?", news: true },
    ],
    ["a hypothesis said before", "entry.added", { kind: "hypothesis", by: "party", text: "memory?", news: false }],
    [
      "automation",
      "entry.added",
      { kind: "fact", by: "party", news: true, actor: { party: "northtel", automated: true } },
    ],
    [
      "another party's step",
      "entry.added",
      { kind: "step-tried", by: "party", news: true, actor: { party: "orchard", automated: false } },
    ],
    ["an outbound contact", "case.contacted", { direction: "outbound", content: "answer", channel: "mail" }],
  ] as const)("⚠ is not moved by %s", (_, type, data) => {
    const driven = new DrivenCase(busy).open().call("09:00", "09:15", { ends: false });
    driven.event("09:15", type, data).call("09:15", "09:40");
    expect(onlyBusy(driven).at(-1)).toBe("09:20 stall.busy");
  });

  test("adds handling minutes up over handlings; time between them does not count", () => {
    const driven = new DrivenCase(busy).open().call("09:00", "09:12").call("10:00", "10:30");
    expect(onlyBusy(driven)).toEqual([
      "09:10 stall.busy 50",
      "10:03 stall.busy 75",
      "10:06 stall.busy 90",
      "10:08 stall.busy",
    ]);
  });

  test("counts a handling that falls silent for three minutes more and no longer", () => {
    const driven = new DrivenCase(busy).open().call("09:00", "09:10", { ends: false }).until("12:00");
    expect(onlyBusy(driven)).toEqual(["09:10 stall.busy 50"]);
    const [clock] = explain(driven.state as never, busy, at("12:00"));
    expect(clock?.countedMs).toBe(13 * 60_000);
  });

  test("two handlings at once count once", () => {
    const driven = new DrivenCase(busy).open();
    driven.event("09:00", "handling.started", { handlingId: "a", channel: "phone" });
    driven.event("09:01", "handling.started", { handlingId: "b", channel: "chat" });
    for (let minute = 2; minute < 25; minute++) {
      const id = minute % 2 === 0 ? "a" : "b";
      driven.event(at("09:00") + minute * 60_000, "handling.continued", { handlingId: id, channel: "phone" });
    }
    expect(onlyBusy(driven).at(-1)).toBe("09:20 stall.busy");
  });

  test("a crossing by hand at 09:12 satisfies it: nothing more at 09:20", () => {
    const driven = new DrivenCase(busy).open().call("09:00", "09:12", { ends: false });
    driven.event("09:12", "crossing.requested", { asOf: 3 });
    driven
      .event("09:12", "handoff.offered", { handoffId: "ho_1", vendor: "orchard", acceptWithin: "PT90S" })
      .call("09:12", "09:40");
    expect(onlyBusy(driven)).toEqual(["09:10 stall.busy 50"]);
  });

  test("the deadline instant itself is still in time", () => {
    const fact = { kind: "fact", by: "party", news: true, fact: { name: "os", value: "4" } };
    const inTime = new DrivenCase(busy)
      .open()
      .call("09:00", "09:20", { ends: false })
      .event("09:20:00", "entry.added", fact);
    expect(onlyBusy(inTime)).not.toContain("09:20 stall.busy");
    const late = new DrivenCase(busy)
      .open()
      .call("09:00", "09:20", { ends: false })
      .event("09:20:00.001", "entry.added", fact);
    expect(onlyBusy(late)).toContain("09:20 stall.busy");
  });
});

describe("handling.limit", () => {
  const both = line({
    clocks: [
      { kind: "handling.limit", target: "PT45M", warnAt: [] },
      { kind: "stall.busy", target: "PT20M", warnAt: [] },
    ],
  });

  test("⚠ a step tried every 19 minutes does not buy three hours", () => {
    const driven = new DrivenCase(both).open();
    for (const [from, until] of [
      ["09:00", "09:19"],
      ["09:19", "09:38"],
      ["09:38", "09:57"],
    ] as const) {
      driven.call(from, until, { ends: false });
      driven.event(until, "entry.added", {
        kind: "step-tried",
        by: "party",
        news: true,
        step: { name: "x", outcome: "failed" },
      });
    }
    expect(driven.fired).toEqual(["09:45 handling.limit"]);
  });

  test("belongs to one holder: at the vendor it begins anew", () => {
    const driven = new DrivenCase(both).open().call("09:00", "09:19");
    driven.event("09:19", "handoff.offered", { handoffId: "ho_1", vendor: "orchard", acceptWithin: "PT90S" });
    driven.event("09:20", "handoff.accepted", { handoffId: "ho_1", vendor: "orchard" });
    expect(driven.running).toEqual(["stall.idle"]);
    driven.event("09:21", "handling.started", {
      handlingId: "v",
      channel: "phone",
      actor: { party: "orchard", automated: false },
    });
    expect(driven.running).toEqual(["handling.limit", "stall.busy", "stall.idle"]);
  });
});

describe("stall.idle", () => {
  const idle = line({ clocks: [{ kind: "stall.idle", target: "PT2H", warnAt: [] }] });

  test("a line with nothing but this clock does not notice a three-hour call before noon", () => {
    const driven = new DrivenCase(idle).open().call("09:00", "11:59").until("12:30");
    expect(driven.fired).toEqual([]);
    expect(driven.until("13:59:00.001").fired).toEqual(["13:59 stall.idle"]);
  });

  test("rests while the case waits for somebody else, where information runs instead", () => {
    const driven = new DrivenCase(idle).open();
    driven.event("09:30", "case.status-changed", {
      from: "acknowledged",
      to: "pending",
      note: "bill",
      waitingOn: "customer",
    });
    expect(driven.running).toEqual(["information"]);
    expect(driven.until("+1 09:31").fired).toEqual(["+1 09:30 information"]);
    const automated = { actor: { party: "northtel", automated: true } };
    driven.event("+1 09:30", "case.status-changed", { from: "pending", to: "inProgress", ...automated });
    expect(driven.until("+1 12:00").fired.at(-1)).toBe("+1 11:30 stall.idle");
  });

  test("goes on while the case is held: that is one's own blockage", () => {
    const driven = new DrivenCase(idle)
      .open()
      .event("09:30", "case.status-changed", { from: "acknowledged", to: "held" });
    expect(driven.until("12:00").fired).toEqual(["11:30 stall.idle"]);
  });

  test("where the line crosses, silence that has breached goes on being counted", () => {
    expect(new DrivenCase(idle).open().until("16:00").fired).toEqual([
      "11:00 stall.idle",
      "13:00 stall.idle",
      "15:00 stall.idle",
    ]);
  });

  test("where the line observes, each silence counts once", () => {
    const observing = line({
      mode: "observe",
      clocks: [{ kind: "stall.idle", name: "idle-2h", target: "PT2H", warnAt: [] }],
    });
    const driven = new DrivenCase(observing, "imp_0000000000000000000000000a").open();
    driven
      .event("15:00", "case.recorded", { status: "inProgress" })
      .event("15:30", "case.recorded", { status: "pending" });
    driven.event("+1 09:00", "case.recorded", { status: "resolved" }).until("+9 09:00");
    expect(driven.fired).toEqual(["11:00 idle-2h"]);
    expect(driven.running).toEqual([]);
  });

  test("⚠ automation is no sign of life", () => {
    const driven = new DrivenCase(idle).open();
    driven.event("10:30", "entry.added", {
      kind: "note",
      by: "party",
      news: true,
      actor: { party: "northtel", automated: true },
    });
    expect(driven.until("11:30").fired).toEqual(["11:00 stall.idle"]);
  });

  test("⚠ automation that lets the case wait and go on again, over and over, silences nothing", () => {
    const driven = new DrivenCase(idle).open();
    const actor = { party: "northtel", automated: true };
    for (const hour of ["10", "11"]) {
      driven.event(`${hour}:00`, "case.status-changed", { from: "inProgress", to: "pending", actor });
      expect(driven.running).toContain("information");
      driven.event(`${hour}:30`, "case.status-changed", { from: "pending", to: "inProgress", actor });
    }
    // One hour until 10:00, half an hour each from 10:30 and 11:30.
    expect(driven.until("12:00:00.001").fired).toEqual(["12:00 stall.idle"]);
  });

  test("⚠ automation that ends a handling, read late, takes back no escalation", () => {
    const driven = new DrivenCase(idle, "wall").open().until("11:01", at("11:01"));
    const actor = { party: "northtel", automated: true };
    driven.event("10:59", "handling.ended", { handlingId: "hd_1", channel: "phone", actor }, at("11:01"));
    expect(driven.messages.map(({ type }) => type)).toEqual(["clock.breached"]);
  });
});

describe("first-response", () => {
  const first = line({ clocks: [{ kind: "first-response", target: { live: "PT15M", else: "PT4H" }, warnAt: [] }] });
  const breached = (driven: DrivenCase) => driven.fired.filter((fired) => fired.includes("first-response"));

  test("a customer on the line waits 15 minutes, another one four hours", () => {
    expect(breached(new DrivenCase(first).open().until("09:16"))).toEqual(["09:15 first-response"]);
    expect(breached(new DrivenCase(first).open("09:00", { channel: "web" }).until("13:01"))).toEqual([
      "13:00 first-response",
    ]);
  });

  test.each([
    ["an auto-reply", { direction: "outbound", content: "auto-reply" }],
    ["a link to an article", { direction: "outbound", content: "article" }],
    [
      "an answer that automation gives",
      { direction: "outbound", content: "answer", actor: { party: "northtel", automated: true } },
    ],
    ["the customer's next try", { direction: "inbound", content: "inquiry" }],
  ])("⚠ is not satisfied by %s", (_, data) => {
    const driven = new DrivenCase(first).open("09:00", { channel: "web" });
    driven.event("09:10", "case.contacted", { channel: "mail", ...data }).until("13:01");
    expect(breached(driven)).toEqual(["13:00 first-response"]);
  });

  test("is satisfied by a person's answer, and a live handling is one", () => {
    const answered = new DrivenCase(first).open();
    answered.event("09:10", "case.contacted", { channel: "mail", direction: "outbound", content: "answer" });
    expect(breached(answered.until("15:00"))).toEqual([]);
    expect(breached(new DrivenCase(first).open().call("09:14", "09:16").until("15:00"))).toEqual([]);
  });
});

describe("vendor.acceptance, confirmation, last-resort", () => {
  const crossing = line({ clocks: [{ kind: "stall.busy", target: "PT20M", warnAt: [] }] });
  const offer = { handoffId: "ho_1", vendor: "orchard", acceptWithin: "PT90S" };

  test("an offer has its step's time; a claim stops nothing", () => {
    const driven = new DrivenCase(crossing).open().event("09:20", "handoff.offered", offer);
    driven.event("09:21", "handoff.claimed", { ...offer, leaseUntil: "2026-03-07T14:22:30Z" }).until("09:22");
    expect(driven.fired).toEqual(["09:21:30 vendor.acceptance"]);
  });

  test.each(["handoff.accepted", "handoff.rejected"] as const)("%s in time satisfies it", (type) => {
    const driven = new DrivenCase(crossing)
      .open()
      .event("09:20", "handoff.offered", offer)
      .event("09:21:30", type, offer);
    expect(driven.until("09:30").fired).toEqual([]);
  });

  test("without a step's time the line's or the severity's holds", () => {
    const { handoffId, vendor } = offer;
    const critical = new DrivenCase(crossing).open("09:00", { severity: "critical" });
    critical.event("09:00", "handoff.offered", { handoffId, vendor }).until("09:06");
    expect(critical.fired).toEqual(["09:05 vendor.acceptance"]);
  });

  test("a resolved case is confirmed within three days, or its clock says so once", () => {
    const driven = new DrivenCase(crossing).open().event("10:00", "case.resolved", { from: "inProgress" });
    expect(driven.running).toEqual(["confirmation"]);
    expect(driven.until("+9 09:00").fired).toEqual(["+3 10:00 confirmation"]);
  });

  test("each call of the last resort starts the next wait, until a person takes the case", () => {
    const driven = new DrivenCase(crossing).open().event("09:20", "line.exhausted", { lastResort: [] });
    driven.event("09:20", "last-resort.called", { call: 1, next: "PT1M", addresses: [] }).until("09:21:30");
    driven.event("09:21", "last-resort.called", { call: 2, next: "PT2M", addresses: [] }).until("09:23:30");
    expect(driven.fired).toEqual(["09:21 last-resort", "09:23 last-resort"]);
    driven
      .event("09:23", "last-resort.called", { call: 3, next: "PT4M", addresses: [] })
      .event("09:25", "handoff.taken");
    expect(driven.until("10:30").fired).toHaveLength(2);
  });
});

describe("every clock", () => {
  test("⚠ is frozen by the end of the case, overrun included", () => {
    const driven = new DrivenCase(builtinLine).open().call("09:00", "09:25", { ends: false });
    driven.event("09:26", "case.closed", { from: "inProgress", reason: "by-carrier" });
    expect(isEnded(driven.state?.status ?? "pending")).toBe(true);
    expect(driven.running).toEqual([]);
    const before = explain(driven.state as never, builtinLine, at("09:26"));
    expect(explain(driven.state as never, builtinLine, at("+5 09:00"))).toEqual(before);
    expect(before.find(({ clock }) => clock === "stall.busy")?.countedMs).toBe(26 * 60_000);
  });

  test("closed at the very instant of its deadline does not breach", () => {
    const driven = new DrivenCase(busy).open().call("09:00", "09:20", { ends: false });
    driven.event("09:20", "case.closed", { from: "inProgress", reason: "by-carrier" }).until("12:00");
    expect(onlyBusy(driven)).not.toContain("09:20 stall.busy");
  });

  test("a reopened case has its clocks anew", () => {
    const driven = new DrivenCase(builtinLine).open().call("09:00", "09:25");
    driven
      .event("09:30", "case.resolved", { from: "inProgress" })
      .event("10:00", "case.reopened", { from: "resolved", reason: "still broken" });
    expect(driven.running).toEqual(["stall.idle"]);
    expect(driven.call("10:00", "10:30").fired.at(-1)).toBe("10:20 stall.busy");
  });

  test("withdrawing a hand-off gives the holder's clocks a new start", () => {
    const driven = new DrivenCase(busy).open().call("09:00", "09:10", { ends: false });
    driven.event("09:10", "handoff.offered", { handoffId: "ho_1", vendor: "orchard", acceptWithin: "PT1H" });
    driven.event("09:12", "handoff.withdrawn", { handoffId: "ho_1", vendor: "orchard", reason: "overtaken" });
    expect(driven.call("09:12", "09:40").fired.at(-1)).toBe("09:32 stall.busy");
  });

  test("every value is the sum of its counted intervals", () => {
    const driven = new DrivenCase(busy).open().call("09:00", "09:12").call("10:00", "10:05", { ends: false });
    const [clock] = explain(driven.state as never, busy, at("10:07"));
    expect(clock).toMatchObject({ state: "running", countedMs: 19 * 60_000, remainingMs: 60_000 });
    expect(clock?.counted.map(({ countedMs }) => countedMs)).toEqual([12 * 60_000, 7 * 60_000]);
    expect(clock?.thresholds.at(-1)).toEqual({ percent: 100, dueAt: "2026-03-07T15:08:00Z" });
  });
});

describe("on the wall", () => {
  const driven = () => new DrivenCase(busy, "wall").open().call("09:00", "09:20", { ends: false });

  test("a firing happens when the process wakes and says how late that is", () => {
    const [last] = driven().until("09:20:02", at("09:20:02")).messages.slice(-1);
    expect(last).toMatchObject({ type: "clock.breached", time: at("09:20:02"), data: { latenessMs: 2000 } });
  });

  test("what came just too late to stop it is told, once; nothing is unfired", () => {
    const fact = { kind: "fact", by: "party", news: true, fact: { name: "os", value: "4" } };
    const late = driven().until("09:20:01", at("09:20:01"));
    late.event("09:20:01", "handoff.offered", { handoffId: "ho_1", vendor: "orchard", acceptWithin: "PT1H" });
    late.event("09:19:59", "entry.added", fact, at("09:20:02"));
    late.event("09:19:59.500", "entry.added", fact, at("09:20:02"));
    expect(late.fired.slice(-2)).toEqual(["09:20 stall.busy", "overtaken stall.busy"]);
  });

  test("what comes after the deadline overtakes nothing", () => {
    const fact = { kind: "fact", by: "party", news: true, fact: { name: "os", value: "4" } };
    const late = driven().until("09:20:01", at("09:20:01")).event("09:20:00.001", "entry.added", fact, at("09:20:02"));
    expect(late.fired).not.toContain("overtaken stall.busy");
  });

  // Found by the simulation: a clock that was still running when it was overtaken was told again by the next late event.
  test("a running clock that is overtaken is told once, however much more comes late", () => {
    const first = line({ clocks: [{ kind: "first-response", target: "PT15M", warnAt: [] }] });
    const late = new DrivenCase(first, "wall").open().until("09:15:01", at("09:15:01"));
    for (const time of ["09:14:58", "09:14:59"]) {
      const answer = { channel: "mail", direction: "outbound", content: "answer" };
      late.event(time, "case.contacted", answer, at("09:15:02"));
    }
    expect(late.fired).toEqual(["09:15 first-response", "overtaken first-response"]);
  });

  // Found by the simulation: the silence after a case is taken was counted from a handling that had ended before that.
  test("an earlier sign of life that is read later gives silence no earlier start", () => {
    const idle = line({ clocks: [{ kind: "stall.idle", target: "PT2H", warnAt: [] }] });
    const taken = new DrivenCase(idle, "wall").open().event("09:30", "handoff.taken", {}, at("09:30"));
    taken.event("09:29", "handling.ended", { handlingId: "hd_1", channel: "phone" }, at("09:31"));
    expect(taken.until("11:29:30", at("11:29:30")).fired).toEqual([]);
    expect(taken.until("11:30:01", at("11:30:01")).fired).toEqual(["11:30 stall.idle"]);
  });

  // Found by the simulation: only an end was told, and the offer that silence had caused stayed.
  test("a wait that a program began in time, and that is read late, overtakes the silence that breached", () => {
    const idle = line({ clocks: [{ kind: "stall.idle", target: "PT2H", warnAt: [] }] });
    const waits = { from: "acknowledged", to: "pending", actor: { party: "northtel", automated: true } };
    const late = new DrivenCase(idle, "wall").open().until("11:00:01", at("11:00:01"));
    late.event("10:59:59", "case.status-changed", waits, at("11:00:02"));
    expect(late.fired).toEqual(["11:00 stall.idle", "overtaken stall.idle"]);
  });
});
