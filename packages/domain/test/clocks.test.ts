import { describe, expect, test } from "vitest";
import { builtinLine, explain, isEnded } from "../src/index.ts";
import { DrivenCase, at, line } from "./given.ts";

const busy = line({ clocks: [{ kind: "stall.busy", target: "PT20M", warnAt: [50, 75, 90] }] });
const onlyBusy = (driven: DrivenCase) => driven.fired.filter((fired) => fired.includes("stall.busy"));

describe("stall.busy", () => {
  test("stall.busy warns at 50, 75 and 90 % and breaches after 20 handling minutes without progress", () => {
    const driven = new DrivenCase(busy).open().call("09:00", "09:40");
    expect(onlyBusy(driven)).toEqual([
      "09:10 stall.busy 50",
      "09:15 stall.busy 75",
      "09:18 stall.busy 90",
      "09:20 stall.busy",
    ]);
  });

  test("stall.busy restarts at progress: a tried step at 09:15 moves the breach to 09:35", () => {
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
    ["a change of status", "case.status-changed", { from: "acknowledged", to: "inProgress" }],
    [
      "the customer's own hypothesis",
      "entry.added",
      { kind: "hypothesis", by: "customer", text: "memory?", news: true },
    ],
    ["a repeated hypothesis", "entry.added", { kind: "hypothesis", by: "party", text: "memory?", news: false }],
    [
      "a program",
      "entry.added",
      { kind: "fact", by: "party", news: true, actor: { party: "northtel", automated: true } },
    ],
    [
      "another party's tried step",
      "entry.added",
      { kind: "step-tried", by: "party", news: true, actor: { party: "orchard", automated: false } },
    ],
    ["an outbound contact", "case.contacted", { direction: "outbound", content: "answer", channel: "mail" }],
  ] as const)("⚠ stall.busy does not restart after %s", (_, type, data) => {
    const driven = new DrivenCase(busy).open().call("09:00", "09:15", { ends: false });
    driven.event("09:15", type, data).call("09:15", "09:40");
    expect(onlyBusy(driven).at(-1)).toBe("09:20 stall.busy");
  });

  test("stall.busy adds the minutes of several handlings without the time between them", () => {
    const driven = new DrivenCase(busy).open().call("09:00", "09:12").call("10:00", "10:30");
    expect(onlyBusy(driven)).toEqual([
      "09:10 stall.busy 50",
      "10:03 stall.busy 75",
      "10:06 stall.busy 90",
      "10:08 stall.busy",
    ]);
  });

  test("stall.busy counts a silent handling for three more minutes", () => {
    const driven = new DrivenCase(busy).open().call("09:00", "09:10", { ends: false }).until("12:00");
    expect(onlyBusy(driven)).toEqual(["09:10 stall.busy 50"]);
    const [clock] = explain(driven.state as never, busy, at("12:00"));
    expect(clock?.countedMs).toBe(13 * 60_000);
  });

  test("stall.busy counts two handlings at the same time once", () => {
    const driven = new DrivenCase(busy).open();
    driven.event("09:00", "handling.started", { handlingId: "a", channel: "phone" });
    driven.event("09:01", "handling.started", { handlingId: "b", channel: "chat" });
    for (let minute = 2; minute < 25; minute++) {
      const id = minute % 2 === 0 ? "a" : "b";
      driven.event(at("09:00") + minute * 60_000, "handling.continued", { handlingId: id, channel: "phone" });
    }
    expect(onlyBusy(driven).at(-1)).toBe("09:20 stall.busy");
  });

  test("stall.busy ends with a requested crossing at 09:12, so it does not breach at 09:20", () => {
    const driven = new DrivenCase(busy).open().call("09:00", "09:12", { ends: false });
    driven.event("09:12", "crossing.requested", { asOf: 3 });
    driven
      .event("09:12", "handoff.offered", { handoffId: "ho_1", vendor: "orchard", acceptWithin: "PT90S" })
      .call("09:12", "09:40");
    expect(onlyBusy(driven)).toEqual(["09:10 stall.busy 50"]);
  });

  test("stall.busy does not breach if progress comes exactly at the deadline", () => {
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

  test("⚠ handling.limit breaches after 45 minutes, even with a tried step every 19 minutes", () => {
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

  test("handling.limit measures one holder, so it restarts when the vendor becomes the holder", () => {
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

  test("stall.idle does not breach during a call of three hours, without other events", () => {
    const driven = new DrivenCase(idle).open().call("09:00", "11:59").until("12:30");
    expect(driven.fired).toEqual([]);
    expect(driven.until("13:59:00.001").fired).toEqual(["13:59 stall.idle"]);
  });

  test("stall.idle pauses while the case waits for another party, and the clock `information` runs instead", () => {
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

  test("stall.idle continues while the case is `held`, because the holder itself suspended the case", () => {
    const driven = new DrivenCase(idle)
      .open()
      .event("09:30", "case.status-changed", { from: "acknowledged", to: "held" });
    expect(driven.until("12:00").fired).toEqual(["11:30 stall.idle"]);
  });

  test("stall.idle restarts after a breach under a line that crosses", () => {
    expect(new DrivenCase(idle).open().until("16:00").fired).toEqual([
      "11:00 stall.idle",
      "13:00 stall.idle",
      "15:00 stall.idle",
    ]);
  });

  test("stall.idle fires once for each silence under an observing line", () => {
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

  test("⚠ stall.idle continues after an act of a program", () => {
    const driven = new DrivenCase(idle).open();
    driven.event("10:30", "entry.added", {
      kind: "note",
      by: "party",
      news: true,
      actor: { party: "northtel", automated: true },
    });
    expect(driven.until("11:30").fired).toEqual(["11:00 stall.idle"]);
  });

  test("⚠ stall.idle still breaches if a program pauses and resumes the case repeatedly", () => {
    const driven = new DrivenCase(idle).open();
    const actor = { party: "northtel", automated: true };
    for (const hour of ["10", "11"]) {
      driven.event(`${hour}:00`, "case.status-changed", { from: "inProgress", to: "pending", actor });
      expect(driven.running).toContain("information");
      driven.event(`${hour}:30`, "case.status-changed", { from: "pending", to: "inProgress", actor });
    }
    // The clock counts one hour until 10:00, half an hour from 10:30 and half an hour from 11:30.
    expect(driven.until("12:00:00.001").fired).toEqual(["12:00 stall.idle"]);
  });

  test("⚠ stall.idle is not overtaken if a program's end of a handling is read late", () => {
    const driven = new DrivenCase(idle, "wall").open().until("11:01", at("11:01"));
    const actor = { party: "northtel", automated: true };
    driven.event("10:59", "handling.ended", { handlingId: "hd_1", channel: "phone", actor }, at("11:01"));
    expect(driven.messages.map(({ type }) => type)).toEqual(["clock.breached"]);
  });
});

describe("first-response", () => {
  const first = line({ clocks: [{ kind: "first-response", target: { live: "PT15M", else: "PT4H" }, warnAt: [] }] });
  const breached = (driven: DrivenCase) => driven.fired.filter((fired) => fired.includes("first-response"));

  test("first-response breaches 15 minutes after a live contact and four hours after any other contact", () => {
    expect(breached(new DrivenCase(first).open().until("09:16"))).toEqual(["09:15 first-response"]);
    expect(breached(new DrivenCase(first).open("09:00", { channel: "web" }).until("13:01"))).toEqual([
      "13:00 first-response",
    ]);
  });

  test.each([
    ["an automatic reply", { direction: "outbound", content: "auto-reply" }],
    ["a link to an article", { direction: "outbound", content: "article" }],
    [
      "an answer of a program",
      { direction: "outbound", content: "answer", actor: { party: "northtel", automated: true } },
    ],
    ["the customer's next contact", { direction: "inbound", content: "inquiry" }],
  ])("⚠ first-response is not met by %s", (_, data) => {
    const driven = new DrivenCase(first).open("09:00", { channel: "web" });
    driven.event("09:10", "case.contacted", { channel: "mail", ...data }).until("13:01");
    expect(breached(driven)).toEqual(["13:00 first-response"]);
  });

  test("first-response is met by a person's answer or live handling", () => {
    const answered = new DrivenCase(first).open();
    answered.event("09:10", "case.contacted", { channel: "mail", direction: "outbound", content: "answer" });
    expect(breached(answered.until("15:00"))).toEqual([]);
    expect(breached(new DrivenCase(first).open().call("09:14", "09:16").until("15:00"))).toEqual([]);
  });
});

describe("vendor.acceptance, confirmation, last-resort", () => {
  const crossing = line({ clocks: [{ kind: "stall.busy", target: "PT20M", warnAt: [] }] });
  const offer = { handoffId: "ho_1", vendor: "orchard", acceptWithin: "PT90S" };

  test("an offer lapses after the time that its step gives, and a claim does not stop the offer's clock", () => {
    const driven = new DrivenCase(crossing).open().event("09:20", "handoff.offered", offer);
    driven.event("09:21", "handoff.claimed", { ...offer, leaseUntil: "2026-03-07T14:22:30Z" }).until("09:22");
    expect(driven.fired).toEqual(["09:21:30 vendor.acceptance"]);
  });

  test.each(["handoff.accepted", "handoff.rejected"] as const)(
    "an event %s in time ends the clock of an offer",
    (type) => {
      const driven = new DrivenCase(crossing)
        .open()
        .event("09:20", "handoff.offered", offer)
        .event("09:21:30", type, offer);
      expect(driven.until("09:30").fired).toEqual([]);
    },
  );

  test("if the step gives no time, the line or the severity gives the time of an offer", () => {
    const { handoffId, vendor } = offer;
    const critical = new DrivenCase(crossing).open("09:00", { severity: "critical" });
    critical.event("09:00", "handoff.offered", { handoffId, vendor }).until("09:06");
    expect(critical.fired).toEqual(["09:05 vendor.acceptance"]);
  });

  test("the clock `confirmation` breaches once after three days", () => {
    const driven = new DrivenCase(crossing).open().event("10:00", "case.resolved", { from: "inProgress" });
    expect(driven.running).toEqual(["confirmation"]);
    expect(driven.until("+9 09:00").fired).toEqual(["+3 10:00 confirmation"]);
  });

  test("each call of the last resort starts the clock for the next call, until a person takes the case", () => {
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
  test("⚠ a clock counts no time after the end of the case, even if the clock has breached", () => {
    const driven = new DrivenCase(builtinLine).open().call("09:00", "09:25", { ends: false });
    driven.event("09:26", "case.closed", { from: "inProgress", reason: "by-carrier" });
    expect(isEnded(driven.state?.status ?? "pending")).toBe(true);
    expect(driven.running).toEqual([]);
    const before = explain(driven.state as never, builtinLine, at("09:26"));
    expect(explain(driven.state as never, builtinLine, at("+5 09:00"))).toEqual(before);
    expect(before.find(({ clock }) => clock === "stall.busy")?.countedMs).toBe(26 * 60_000);
  });

  test("a clock does not breach if the case closes exactly at its deadline", () => {
    const driven = new DrivenCase(busy).open().call("09:00", "09:20", { ends: false });
    driven.event("09:20", "case.closed", { from: "inProgress", reason: "by-carrier" }).until("12:00");
    expect(onlyBusy(driven)).not.toContain("09:20 stall.busy");
  });

  test("a reopening restarts a clock that measures the holder", () => {
    const driven = new DrivenCase(builtinLine).open().call("09:00", "09:25");
    driven
      .event("09:30", "case.resolved", { from: "inProgress" })
      .event("10:00", "case.reopened", { from: "resolved", reason: "still broken" });
    expect(driven.running).toEqual(["stall.idle"]);
    expect(driven.call("10:00", "10:30").fired.at(-1)).toBe("10:20 stall.busy");
  });

  test("a withdrawal restarts a clock that measures the holder", () => {
    const driven = new DrivenCase(busy).open().call("09:00", "09:10", { ends: false });
    driven.event("09:10", "handoff.offered", { handoffId: "ho_1", vendor: "orchard", acceptWithin: "PT1H" });
    driven.event("09:12", "handoff.withdrawn", { handoffId: "ho_1", vendor: "orchard", reason: "overtaken" });
    expect(driven.call("09:12", "09:40").fired.at(-1)).toBe("09:32 stall.busy");
  });

  test("a clock has counted the sum of its intervals", () => {
    const driven = new DrivenCase(busy).open().call("09:00", "09:12").call("10:00", "10:05", { ends: false });
    const [clock] = explain(driven.state as never, busy, at("10:07"));
    expect(clock).toMatchObject({ state: "running", countedMs: 19 * 60_000, remainingMs: 60_000 });
    expect(clock?.counted.map(({ countedMs }) => countedMs)).toEqual([12 * 60_000, 7 * 60_000]);
    expect(clock?.thresholds.at(-1)).toEqual({ percent: 100, dueAt: "2026-03-07T15:08:00Z" });
  });
});

describe("on the wall timeline", () => {
  const driven = () => new DrivenCase(busy, "wall").open().call("09:00", "09:20", { ends: false });

  test("a clock fires when the process wakes, and the firing names its lateness", () => {
    const [last] = driven().until("09:20:02", at("09:20:02")).messages.slice(-1);
    expect(last).toMatchObject({ type: "clock.breached", time: at("09:20:02"), data: { latenessMs: 2000 } });
  });

  test("if the timer reads an earlier event after a firing, the event overtakes the firing once, and the firing stays valid", () => {
    const fact = { kind: "fact", by: "party", news: true, fact: { name: "os", value: "4" } };
    const late = driven().until("09:20:01", at("09:20:01"));
    late.event("09:20:01", "handoff.offered", { handoffId: "ho_1", vendor: "orchard", acceptWithin: "PT1H" });
    late.event("09:19:59", "entry.added", fact, at("09:20:02"));
    late.event("09:19:59.500", "entry.added", fact, at("09:20:02"));
    expect(late.fired.slice(-2)).toEqual(["09:20 stall.busy", "overtaken stall.busy"]);
  });

  test("an event after the deadline overtakes no firing", () => {
    const fact = { kind: "fact", by: "party", news: true, fact: { name: "os", value: "4" } };
    const late = driven().until("09:20:01", at("09:20:01")).event("09:20:00.001", "entry.added", fact, at("09:20:02"));
    expect(late.fired).not.toContain("overtaken stall.busy");
  });

  // The simulation found this bug: each further late event overtook the same firing again.
  test("several late events overtake the firing of a running clock only once", () => {
    const first = line({ clocks: [{ kind: "first-response", target: "PT15M", warnAt: [] }] });
    const late = new DrivenCase(first, "wall").open().until("09:15:01", at("09:15:01"));
    for (const time of ["09:14:58", "09:14:59"]) {
      const answer = { channel: "mail", direction: "outbound", content: "answer" };
      late.event(time, "case.contacted", answer, at("09:15:02"));
    }
    expect(late.fired).toEqual(["09:15 first-response", "overtaken first-response"]);
  });

  // The simulation found this bug: after a take, the silence counted from the end of a handling that had ended before the take.
  test("a sign of life that is read late does not move the start of a silence to an earlier instant", () => {
    const idle = line({ clocks: [{ kind: "stall.idle", target: "PT2H", warnAt: [] }] });
    const taken = new DrivenCase(idle, "wall").open().event("09:30", "handoff.taken", {}, at("09:30"));
    taken.event("09:29", "handling.ended", { handlingId: "hd_1", channel: "phone" }, at("09:31"));
    expect(taken.until("11:29:30", at("11:29:30")).fired).toEqual([]);
    expect(taken.until("11:30:01", at("11:30:01")).fired).toEqual(["11:30 stall.idle"]);
  });

  // The simulation found this bug: only the end of a clock overtook its firing, so a pause did not withdraw the offer.
  test("if a program's pause began before a breach of stall.idle and is read after the breach, the pause overtakes the breach", () => {
    const idle = line({ clocks: [{ kind: "stall.idle", target: "PT2H", warnAt: [] }] });
    const waits = { from: "acknowledged", to: "pending", actor: { party: "northtel", automated: true } };
    const late = new DrivenCase(idle, "wall").open().until("11:00:01", at("11:00:01"));
    late.event("10:59:59", "case.status-changed", waits, at("11:00:02"));
    expect(late.fired).toEqual(["11:00 stall.idle", "overtaken stall.idle"]);
  });
});
