import { expect, test } from "vitest";
import { commandHandoff, isRefused, openHandoffOf } from "../../src/index.ts";
import type { Handoff } from "../../src/handoff/handoff.ts";
import { at } from "../given.ts";
import { DrivenHandoff, twoSteps } from "./driven-handoff.ts";
import { unstaffed } from "../unstaffed.ts";

const terms = {
  id: "ho_1",
  vendor: "orchard",
  queue: "orchard.handheld",
  mode: "ticket",
  step: 0,
  attempt: 0,
  offeredAt: at("09:10"),
  token: 1,
} as const;
const lease = { leaseUntil: at("09:26"), claimedBy: "eng-1" };

test("a hand-off without the fields of its phase does not compile", () => {
  const offered: Handoff = { ...terms, phase: "offered" };
  // @ts-expect-error: a claimed hand-off has a lease
  const unleased: Handoff = { ...terms, phase: "claimed" };
  // @ts-expect-error: an information request has its question
  const withoutQuestion: Handoff = { ...terms, ...lease, phase: "info-requested" };
  // @ts-expect-error: an offer has no lease
  const leasedOffer: Handoff = { ...terms, phase: "offered", leaseUntil: at("09:26") };
  // @ts-expect-error: an accepted hand-off has no lease
  const leasedCase: Handoff = { ...terms, phase: "accepted", leaseUntil: at("09:26") };
  expect([offered, unleased, withoutQuestion, leasedOffer, leasedCase]).toHaveLength(5);
});

test("an accepted hand-off has no lease and no information request, and a released hand-off keeps its token", () => {
  const driven = new DrivenHandoff().open().cross("09:10").execute("09:11", { type: "claim" });
  driven.execute("09:12", { type: "request-info", code: "needs-log", items: ["log"] });
  const asking = driven.crossing;
  driven.execute("09:13", { type: "release" });
  expect(openHandoffOf(driven.crossing)).toMatchObject({ token: 1, phase: "offered" });
  for (const field of ["leaseUntil", "claimedBy", "asked", "askedFor", "goneMs"])
    expect(openHandoffOf(driven.crossing)).not.toHaveProperty(field);
  driven.state = asking;
  driven.accept("09:40");
  expect(openHandoffOf(driven.crossing)).toMatchObject({ token: 2, phase: "accepted" });
  for (const field of ["leaseUntil", "claimedBy", "asked", "askedFor", "goneMs"])
    expect(openHandoffOf(driven.crossing)).not.toHaveProperty(field);
});

test("routing can read a row of an earlier version in which an accepted hand-off has a lease", () => {
  const driven = new DrivenHandoff().open().cross("09:10").accept("09:12");
  const open = { ...openHandoffOf(driven.crossing)!, leaseUntil: at("09:27"), claimedBy: "eng-4" } as Handoff;
  const command = { type: "resolve", token: 1, fixCode: "reset" } as const;
  const actor = { party: "orchard", automated: false };
  const outcome = commandHandoff(
    { ...driven.crossing, waits: { for: "handoff", handoff: open } },
    { handoffId: open.id, command, actor },
    { ...unstaffed, line: twoSteps() },
    at("09:40"),
  );
  expect(isRefused(outcome)).toBe(false);
});
