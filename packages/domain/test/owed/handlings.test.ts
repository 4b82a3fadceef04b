import { expect, test } from "vitest";
import { DrivenCase, line } from "../given.ts";

/*
 * In an earlier version, a call without heartbeats stopped counting, and no event reported the stop.
 */

const busy = { clocks: [{ kind: "stall.busy" as const, target: "PT20M", warnAt: [] }] };
const call = { handlingId: "hd_1", channel: "phone" };

test("the timer publishes a silent handling once for each silence", () => {
  const driven = new DrivenCase(line(busy)).open().event("09:00", "handling.started", call);
  driven.until("09:03");
  expect(driven.silences).toEqual([]); // A heartbeat at exactly 09:03 would be in time.
  driven.until("09:30");
  expect(driven.silences).toEqual(["09:03"]);
  driven.event("09:30", "handling.continued", call).until("09:40");
  expect(driven.silences).toEqual(["09:03", "09:33"]);
  expect(driven.messages.find(({ type }) => type === "handling.silent")?.data).toMatchObject({
    handlingId: "hd_1",
    party: "northtel",
    channel: "phone",
  });
});

test("a handling that ends in time is not silent", () => {
  const driven = new DrivenCase(line(busy)).open().call("09:00", "09:10").until("12:00");
  expect(driven.silences).toEqual([]);
});

test("for a CRM without heartbeats, a line can count handlings until their end", () => {
  const until = line({ ...busy, handlings: { until: "ended", max: "PT1H" } });
  const driven = new DrivenCase(until).open().event("09:00", "handling.started", call).until("09:20:01");
  expect(driven.fired).toEqual(["09:20 stall.busy"]);
  expect(driven.until("10:00:01").silences).toEqual(["10:00"]);
  const ended = new DrivenCase(until).open().event("09:00", "handling.started", call);
  ended.event("09:10", "handling.ended", call).until("10:30");
  expect([ended.fired.includes("09:20 stall.busy"), ended.silences]).toEqual([false, []]);
});

test("a heartbeat extends a handling beyond the limit of the line, even if the line counts handlings until their end", () => {
  const until = line({
    clocks: [{ kind: "stall.busy", target: "PT2H", warnAt: [] }],
    handlings: { until: "ended", max: "PT1H" },
  });
  const driven = new DrivenCase(until).open().event("09:00", "handling.started", call);
  driven.event("09:59", "handling.continued", call).until("13:00");
  expect(driven.silences).toEqual(["10:02"]);
});

test("the end of the case ends its handlings, so a reopened case has none", () => {
  const driven = new DrivenCase(line(busy)).open().event("09:00", "handling.started", call);
  driven.event("09:01", "case.closed", { from: "inProgress", reason: "by-carrier" });
  driven.event("09:02", "case.reopened", { from: "closed", reason: "still broken" }).until("12:00");
  expect(driven.running).not.toContain("stall.busy");
  expect(driven.silences).toEqual([]);
});

test("of two handlings at the same time only the longer one counts", () => {
  const driven = new DrivenCase(line({ clocks: [{ kind: "stall.busy", target: "PT4M", warnAt: [] }] })).open();
  const other = { ...call, handlingId: "hd_2" };
  driven.event("09:00", "handling.started", call).event("09:02", "handling.started", other);
  driven.event("09:02", "handling.ended", other).until("09:10");
  expect(driven.fired).toEqual([]); // Without heartbeats, the first handling has counted three minutes.
});
