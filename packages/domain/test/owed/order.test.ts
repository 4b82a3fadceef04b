import type { ApplicationOrder } from "@crossline/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatStart, parseStart } from "../../src/index.ts";
import { DrivenCase, line } from "../given.ts";

const support = line({ clocks: [{ kind: "stall.busy", target: "PT20M", warnAt: [50] }] });
const note = { entryId: "en_1", kind: "note", audience: "partners", by: "party", news: true, text: "x" };
const claim = { handoffId: "ho_1", vendor: "orchard", leaseUntil: "2026-03-07T12:00:00-05:00" };
const orders = ({ messages }: DrivenCase): (ApplicationOrder | undefined)[] => messages.map(({ data }) => data.order);

test("a clock event states the order in which the timer applied the records since the last clock event", () => {
  const driven = new DrivenCase(support).open().call("09:00", "09:03", { ends: false });
  driven
    .event("09:04", "handoff.claimed", claim)
    .event("09:05", "handling.continued", { handlingId: "hd 09:00", channel: "phone" });
  driven.event("09:07", "handoff.claimed", claim).until("09:08:01");
  // Before the silent handling, the timer applied the opening, four signs of life, a claim, a sign of life and another claim.
  expect(orders(driven)).toEqual([[5, 1, 1, 1]]);
  driven.until("13:00:01");
  expect(orders(driven).slice(1)).toEqual([[]]); // The timer applied no record between the silent handling and the breach of stall.idle.
});

test("if a record causes a clock event, the order in the event contains this record", () => {
  const driven = new DrivenCase(support, "wall")
    .open("09:00")
    .event("09:00", "handling.started", { handlingId: "a", channel: "phone" });
  for (let minute = 1; minute <= 20; minute++)
    driven.event(`09:${String(minute).padStart(2, "0")}`, "handling.continued", { handlingId: "a", channel: "phone" });
  driven.until("09:20:30", 0);
  const before = driven.messages.length;
  driven.event("09:19:30", "entry.added", { ...note, kind: "fact" });
  expect(driven.messages.slice(before).map(({ type, data }) => [type, data.order])).toEqual([["clock.overtaken", [1]]]);
});

test("an order of more than 64 runs is replaced by `cut`", () => {
  const driven = new DrivenCase(support).open();
  for (let nth = 0; nth < 32; nth++)
    driven.event("09:01", "handoff.claimed", claim).event("09:01", "entry.added", note);
  driven.until("13:30");
  expect(orders(driven)).toEqual(["cut", []]);
});

test("parsing the text of a clock's start returns the same start", () => {
  const starts = fc.oneof(
    fc.record({ by: fc.constantFrom("case" as const, "handoff" as const, "clock" as const), sequence: fc.nat() }),
    fc.constantFrom(
      { by: "offer", id: "ho_1" } as const,
      { by: "page", id: "pg_1" } as const,
      { by: "promise", id: "pr_1" } as const,
    ),
  );
  fc.assert(
    fc.property(starts, (start) => {
      expect(parseStart(formatStart(start))).toEqual(start);
    }),
  );
  expect(formatStart({ by: "case", sequence: 12 })).toBe("case/12");
  expect(() => parseStart("case/twelve")).toThrow("is not the start of a clock");
});
