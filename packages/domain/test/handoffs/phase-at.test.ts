import type { Instant } from "@crossline/contracts";
import { expect, test } from "vitest";
import { openHandoffOf, phaseAt } from "../../src/index.ts";
import { at } from "../given.ts";
import { DrivenHandoff } from "./driven-handoff.ts";

const claimed = (): DrivenHandoff => new DrivenHandoff().open().cross("09:10").execute("09:11", { type: "claim" });
const phaseOf = (driven: DrivenHandoff, when: Instant): string => phaseAt(openHandoffOf(driven.crossing)!, when);

test("a claim lasts until the last instant of its lease, and the hand-off is then offered again", () => {
  const driven = claimed();
  expect([at("09:11"), at("09:26"), at("09:26") + 1].map((when) => phaseOf(driven, when))).toEqual([
    "claimed",
    "claimed",
    "offered",
  ]);
  const other = { party: "orchard", person: "eng-9", automated: false };
  expect(driven.command("09:26", { type: "claim" }, other)?.code).toBe("already_claimed");
  expect(driven.command("09:27", { type: "claim" }, other)).toBeUndefined();
});

test("routing publishes the renewal of a lease with the new end of the lease", () => {
  const driven = claimed().execute("09:20", { type: "renew" });
  expect(driven.last("handoff.renewed").data.leaseUntil).toBe("2026-03-07T14:35:00Z");
  expect([at("09:27"), at("09:35") + 1].map((when) => phaseOf(driven, when))).toEqual(["claimed", "offered"]);
});

test("a desk that waits for information also has a lease, and a phase without a lease does not expire", () => {
  const asking = claimed().execute("09:12", { type: "request-info", code: "needs-log", items: [] });
  expect([at("09:26"), at("09:27")].map((when) => phaseOf(asking, when))).toEqual(["info-requested", "offered"]);
  const accepted = new DrivenHandoff().open().cross("09:10").accept("09:11");
  expect(phaseOf(accepted, at("+9 09:00"))).toBe("accepted");
  expect(phaseAt({ phase: "lapsed", leaseUntil: at("09:00") }, at("10:00"))).toBe("lapsed");
});

test("each record on the vendor's topic has the phase at the instant of the record", () => {
  const driven = claimed().event("09:40", "entry.added", {
    kind: "note",
    audience: "partners",
    by: "party",
    text: "x",
  });
  expect(driven.last("queue.updated").data.phase).toBe("offered");
});
