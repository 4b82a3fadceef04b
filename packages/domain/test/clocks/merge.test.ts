import { describe, expect, test } from "vitest";
import { carriedClocks, compileLine, explain } from "../../src/index.ts";
import { DrivenCase, at, line } from "../given.ts";

const under = line({
  clocks: [
    { kind: "first-response", target: "PT4H", warnAt: [] },
    { kind: "next-update", target: "PT4H", warnAt: [] },
    { kind: "stall.busy", target: "PT20M", warnAt: [] },
    { kind: "stall.idle", target: { critical: "PT30M", else: "PT2H" }, warnAt: [] },
    { kind: "resolution", target: { critical: "PT3H", else: "PT8H" }, warnAt: [50], pausedWhile: ["held"] },
  ],
  needBy: { cure: "PT6H" },
});

const office = { calendar: "office", zone: "America/Toronto", week: { sat: ["08:00-16:00"], sun: ["08:00-16:00"] } };
const byDay = compileLine(
  { carrier: "northtel", name: "day", version: 1 },
  {
    line: "day",
    mode: "cross",
    calendar: "office",
    clocks: [{ kind: "resolution", target: "PT8H", warnAt: [] }],
    crossing: [],
    lastResort: [],
  },
  { office: { ref: { party: "northtel", name: "office", version: 1 }, document: office } },
);

/** Returns the clocks of the source case that a merge at this time gives to the target case. */
function left(other: DrivenCase, time: string) {
  if (other.state === undefined) throw new Error("open the case first");
  return carriedClocks(explain(other.state, other.line, at(time)));
}

const merge = (driven: DrivenCase, time: string, other: DrivenCase, more: Record<string, unknown> = {}): DrivenCase =>
  driven.event(time, "case.merged", { from: "cs_x", reason: "the same", clocks: left(other, time), ...more });

describe("⚠ a merge keeps the earlier deadline of the two cases", () => {
  const earlier = (): DrivenCase => new DrivenCase(under).open("09:00", { channel: "mail" });
  const later = (): DrivenCase => new DrivenCase(under).open("10:00", { channel: "mail" });

  test.each(["resolution", "stall.idle", "first-response"])(
    "the earlier deadline of %s stays, whichever case is the target",
    (clock) => {
      const due = earlier().due(clock);
      expect(merge(later(), "10:30", earlier().until("10:30")).due(clock)).toBe(due);
      expect(merge(earlier().until("10:30"), "10:30", later().until("10:30")).due(clock)).toBe(due);
    },
  );

  test("the timer publishes the old and the new deadline of each clock once", () => {
    const driven = merge(later(), "10:30", earlier().until("10:30"));
    const recomputed = driven.messages.filter(({ type }) => type === "clock.recomputed");
    expect(recomputed.map(({ data }) => data)).toContainEqual(
      expect.objectContaining({
        clock: "resolution",
        cause: "merge",
        old: { targetMs: 28_800_000, dueAt: "2026-03-07T23:00:00Z" },
        new: { targetMs: 28_800_000, dueAt: "2026-03-07T22:00:00Z" },
      }),
    );
    expect(new Set(recomputed.map(({ data }) => ("clock" in data ? data.clock : ""))).size).toBe(recomputed.length);
  });

  test("a merge is no sign of life, so it restarts no silence", () => {
    expect(merge(earlier().until("10:30"), "10:30", later().until("10:30")).due("stall.idle")).toBe("11:00");
  });

  test("if the new deadline of a warning has passed, the warning is due now, and firings stay valid", () => {
    const driven = merge(later(), "13:30", earlier().until("13:30")).until("13:31");
    expect(driven.fired).toContain("13:30 resolution 50");
  });

  test("a later change of severity recomputes the deadline as usual", () => {
    const driven = merge(later(), "10:30", earlier().until("10:30"));
    driven.event("10:40", "case.severity-changed", { from: "minor", to: "critical" });
    expect(driven.due("resolution")).toBe("12:00");
  });

  test("after the merge, a pause delays the deadline as usual", () => {
    const driven = merge(later(), "10:30", earlier().until("10:30"));
    driven.event("11:00", "case.status-changed", { from: "inProgress", to: "held" });
    driven.event("12:00", "case.status-changed", { from: "held", to: "inProgress" });
    expect(driven.due("resolution")).toBe("18:00");
  });
});

test("an obligation that only the source case has continues on the target case", () => {
  const program = { actor: { party: "northtel", automated: true } };
  const answer = { channel: "mail", direction: "outbound", content: "answer" };
  const asks = { channel: "mail", direction: "inbound", content: "inquiry", ...program };
  const other = new DrivenCase(under).open("09:00").event("09:05", "case.contacted", answer);
  other.event("09:30", "case.contacted", asks);
  const driven = new DrivenCase(under).open("09:00").event("09:10", "case.contacted", answer);
  expect(driven.running).not.toContain("next-update");
  expect(merge(driven, "10:00", other).due("next-update")).toBe("13:30");
});

test("the handling minutes of the source case count on the target case", () => {
  const other = new DrivenCase(under).open("09:00").call("09:01", "09:16");
  const driven = merge(new DrivenCase(under).open("09:10"), "09:17", other);
  driven.event("09:20", "handling.started", { handlingId: "hd_1", channel: "phone" });
  for (const minute of ["09:21", "09:22", "09:23", "09:24"])
    driven.event(minute, "handling.continued", { handlingId: "hd_1", channel: "phone" });
  // The source case has counted 15 minutes, and the target case 5 minutes.
  expect(driven.due("stall.busy")).toBe("09:25");
});

test("after a merge, a target case that a vendor holds has the obligations to the customer, but not the carrier's silence", () => {
  const one = { handoffId: "ho_1", vendor: "orchard", actor: { party: "orchard", automated: false } };
  const driven = new DrivenCase(under).open("10:00").event("10:10", "handoff.offered", one);
  driven.event("10:20", "handoff.accepted", one);
  merge(driven, "10:30", new DrivenCase(under).open("09:00").until("10:30"));
  expect(driven.due("resolution")).toBe("17:00");
  expect(driven.due("stall.busy")).toBeUndefined();
});

test("after a merge the earlier need-by applies, and the line's plan gives its latest safe crossing", () => {
  const driven = new DrivenCase(under).open("09:00", { needBy: "2026-03-08T09:00:00-05:00" });
  expect(driven.due("need-by")).toBe("+1 03:00");
  const other = new DrivenCase(line({ clocks: [] })).open("09:00");
  merge(driven, "10:00", other, { needBy: "2026-03-07T20:00:00-05:00" });
  expect(driven.due("need-by")).toBe("14:00");
  const without = merge(new DrivenCase(under).open("09:00"), "10:00", other, { needBy: "2026-03-07T20:00:00-05:00" });
  expect(without.due("need-by")).toBe("14:00");
});

test("a clock that has breached on the source case changes nothing on the target case", () => {
  const other = new DrivenCase(line({ clocks: [{ kind: "resolution", target: "PT1H", warnAt: [] }] })).open("09:00");
  expect(left(other.until("10:30"), "10:30").map(({ clock }) => clock)).not.toContain("resolution");
});

test("after a merge, the deadline is in the open hours of the target case, and not later than the source case's deadline", () => {
  const driven = merge(
    new DrivenCase(byDay).open("10:00"),
    "10:30",
    new DrivenCase(under).open("09:00").until("10:30"),
  );
  // The source case has its deadline at 17:00, but the calendar of the target case closes at 16:00.
  expect(driven.due("resolution")).toBe("16:00");
});
