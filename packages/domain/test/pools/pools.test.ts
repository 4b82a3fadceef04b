import { parseInstant } from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import { timesByHolder } from "../../src/index.ts";
import { at } from "../given.ts";
import { DrivenPool, poolLine, staffOf } from "./given.ts";

const assigned = (...given: ConstructorParameters<typeof DrivenPool>) =>
  new DrivenPool(...given).openPocket().call("09:05", "rep-7");

describe("the members of a pool", () => {
  test("⚠ an empty pool is skipped with the reason, and the next step follows at once with the same reason", () => {
    for (const duty of [{}, { ios: [] }, { ios: ["old", "low", "rep-8"] }] as Record<string, string[]>[]) {
      const driven = assigned(poolLine(), { ...staffOf(), duty });
      expect(driven.types).toEqual(["pool.skipped", "handoff.offered"]);
      const missing = { person: "rep-7", level: 2 };
      expect(driven.last("pool.skipped").data).toMatchObject({
        pool: "ios",
        onDuty: duty["ios"]?.length ?? 0,
        missing,
      });
      expect(driven.last("handoff.offered").data).toMatchObject({
        reason: "trigger",
        trigger: "skill.missing",
        missing,
      });
    }
  });

  test("the level is 1 without the trigger, and a device that needs no skill accepts every person on duty", () => {
    const plain = poolLine({ triggers: [] });
    const low = new DrivenPool(plain, { ...staffOf(), duty: { ios: ["low"] } }).openPocket().cross("09:05");
    expect(low.types).toEqual(["pool.assigned"]);
    const none = new DrivenPool(plain, { ...staffOf(), duty: { ios: ["rep-8"] } });
    expect(none.open("09:00", { device: { vendor: "orchard" } }).cross("09:05").types).toEqual(["pool.assigned"]);
    expect(none.pool("09:06", { type: "claim", person: "rep-8" })).toBeUndefined();
  });
});

describe("an assignment", () => {
  test("the holder stays the same, and all time counts for the holder", () => {
    const driven = assigned().claim("09:06");
    expect(driven.crossing).toMatchObject({ holder: "northtel", waits: { for: "pool" } });
    expect(driven.crossing.reading).toBeUndefined();
    expect(timesByHolder(driven.crossing, at("10:00"))).toEqual({ northtel: 3_600_000 });
  });

  test("a breach of the assignment lapses it, and the next step follows", () => {
    const driven = assigned();
    driven.breach("09:10", "vendor.acceptance", driven.assignment?.id);
    expect(driven.types).toEqual(["pool.assigned", "pool.lapsed", "handoff.offered"]);
    expect(driven.last("handoff.offered").data).toMatchObject({ reason: "lapsed", step: 1 });
  });

  test("`repeat` assigns the case again after a lapse, under a new id", () => {
    const driven = assigned(poolLine({}, { repeat: 2 }));
    const first = driven.assignment?.id;
    driven.breach("09:10", "vendor.acceptance", first);
    expect(driven.types).toEqual(["pool.assigned", "pool.lapsed", "pool.assigned"]);
    expect(driven.assignment?.id).not.toBe(first);
    driven.breach("09:11", "vendor.acceptance", first);
    expect(driven.types).toHaveLength(3);
  });

  test("a claim in time meets the clock, and its later breach has no effect", () => {
    const driven = assigned();
    const id = driven.assignment?.id;
    driven.claim("09:06").breach("09:10", "vendor.acceptance", id);
    expect(driven.types).toEqual(["pool.assigned", "pool.claimed"]);
    expect(driven.last("pool.claimed").data).toMatchObject({ actor: { person: "ada" }, assignmentId: id });
  });

  test("⚠ another cause ends the assignment and takes the step after the pool, without a further attempt", () => {
    const causes: readonly ((driven: DrivenPool) => DrivenPool)[] = [
      (driven) => driven.breach("09:07", "stall.busy", "case/2"),
      (driven) => driven.breach("09:07", "stall.idle", "case/1"),
      (driven) => driven.cross("09:07"),
    ];
    for (const cause of causes) {
      const open = cause(assigned(poolLine({}, { repeat: 3 })));
      expect(open.types).toEqual(["pool.assigned", "pool.lapsed", "handoff.offered"]);
      const claimed = cause(assigned(poolLine({}, { repeat: 3 })).claim("09:06"));
      expect(claimed.types.slice(2)).toEqual(["pool.released", "handoff.offered"]);
      expect(claimed.last("pool.released").data).toMatchObject({ reason: "escalated", actor: { automated: true } });
    }
  });

  test("another trigger of the line also ends the assignment", () => {
    const triggers = [
      { on: "skill.missing", level: 2 },
      { on: "severity", reaches: "critical" },
    ] as const;
    const driven = assigned(poolLine({ triggers: [...triggers] }));
    driven.event("09:06", "case.severity-changed", { from: "minor", to: "critical" });
    expect(driven.types).toEqual(["pool.assigned", "pool.lapsed", "handoff.offered"]);
  });

  test("a resolution and an end release the assignment", () => {
    const ends = [
      ["case.resolved", {}],
      ["case.closed", { reason: "merged", from: "inProgress" }],
      ["case.status-changed", { from: "inProgress", to: "cancelled" }],
    ] as const;
    for (const [type, data] of ends) {
      const driven = assigned().event("09:06", type, data);
      expect(driven.last("pool.released").data.reason).toBe("case-ended");
      expect(driven.crossing.waits).toEqual({ for: "step" });
      expect(driven.pool("09:07", { type: "claim", person: "ada" })?.code).toBe("illegal_transition");
    }
  });

  test("after a resolution and a reopening, the trigger judges the person who is still live", () => {
    const driven = assigned().event("09:06", "case.resolved", {});
    driven.event("09:08", "case.reopened", { reason: "still dead" });
    expect(driven.types).toEqual(["pool.assigned", "pool.released", "pool.assigned"]);
    const quiet = assigned().hangUp("09:05", "rep-7").event("09:06", "case.resolved", {});
    expect(quiet.event("09:08", "case.reopened", { reason: "still dead" }).types).toHaveLength(2);
  });

  test("a move releases the assignment, and the new line judges the person who is live", () => {
    const driven = assigned();
    driven.event("09:06", "case.moved", { from: driven.crossing.line, line: driven.crossing.line, reason: "x" });
    expect(driven.types).toEqual(["pool.assigned", "pool.released", "pool.assigned"]);
    expect(driven.last("pool.released").data.reason).toBe("line-moved");
  });

  test("a merge into the case leaves the assignment open", () => {
    const driven = assigned();
    const data = { from: "cs_2", carrierCaseId: "NT-2", reason: "x", entries: [], clocks: [] };
    const contacts = { count: 1, byChannel: { phone: 1 }, lastAt: "2026-03-07T14:00:00Z" };
    driven.event("09:06", "case.merged", { ...data, contacts });
    expect(driven.assignment?.phase).toBe("assigned");
  });

  test("an overtaken firing withdraws its assignment before a claim, and the case waits for the same step", () => {
    const caused = () =>
      new DrivenPool(poolLine({ triggers: [] })).openPocket().breach("09:20", "stall.busy", "case/2");
    const overtaken = { clock: "stall.busy", kind: "stall.busy", firingIds: ["fir stall.busy 09:20"] };
    const open = caused().event("09:21", "clock.overtaken", overtaken);
    expect(open.types).toEqual(["pool.assigned", "pool.released"]);
    expect(open.crossing.next).toEqual({ step: 0, attempt: 0 });
    expect(caused().claim("09:20:30").event("09:21", "clock.overtaken", overtaken).assignment?.phase).toBe("claimed");
  });
});

describe("a claim", () => {
  test("⚠ only a certified person can claim, and the refusal names the missing skill", () => {
    const driven = assigned();
    expect(driven.pool("09:06", { type: "claim", person: "rep-7" })).toMatchObject({
      code: "not_certified",
      facts: { missing: { person: "rep-7", level: 2, os: "PocketOS 4.2", model: "Handheld 8700" } },
    });
    expect(driven.pool("09:06", { type: "claim", person: "old" })?.code).toBe("not_certified");
    expect(driven.assignment?.phase).toBe("assigned");
  });

  test("a lease excludes others until it has expired, and its last instant still counts", () => {
    const driven = assigned().claim("09:06");
    expect(driven.pool("09:10", { type: "claim", person: "ben" })).toMatchObject({
      code: "already_claimed",
      facts: { claimedBy: "ada", leaseUntil: "2026-03-07T14:21:00Z" },
    });
    expect(driven.pool("09:21", { type: "claim", person: "ben" })?.code).toBe("already_claimed");
    expect(driven.pool("09:21:01", { type: "claim", person: "ben" })).toBeUndefined();
    expect(driven.assignment).toMatchObject({ claimedBy: "ben", token: 2 });
    expect(driven.pool("09:22", { type: "renew", token: 1 })?.code).toBe("stale_token");
  });

  test("a person who repeats a claim gets a higher token, and the old token ends", () => {
    const driven = assigned().claim("09:06").claim("09:07");
    expect(driven.token).toBe(2);
    expect(driven.pool("09:08", { type: "release", token: 1 })?.code).toBe("stale_token");
    expect(driven.pool("09:08", { type: "renew", token: 2 })).toBeUndefined();
    expect(driven.assignment).toMatchObject({ leaseUntil: parseInstant("2026-03-07T09:23:00-05:00") });
  });

  test("a claim for live assist lasts 90 seconds", () => {
    const driven = assigned(poolLine({}, { mode: "live-assist" })).claim("09:06");
    expect(driven.assignment).toMatchObject({ leaseUntil: at("09:07:30") });
  });

  test("a command before the claim, and a claim of another assignment, are refused", () => {
    const driven = assigned();
    expect(driven.pool("09:06", { type: "renew", token: 1 })?.code).toBe("illegal_transition");
    expect(driven.pool("09:06", { type: "claim", person: "ada" }, "pa_other")?.code).toBe("illegal_transition");
  });

  test("a release assigns the case again if another certified person is on duty", () => {
    const driven = assigned().claim("09:06");
    const first = driven.assignment?.id;
    expect(driven.pool("09:08", { type: "release", token: 1 })).toBeUndefined();
    expect(driven.types.slice(2)).toEqual(["pool.released", "pool.assigned"]);
    expect(driven.last("pool.assigned").data).toMatchObject({
      reason: "released",
      step: 0,
      acceptWithin: "PT5M",
      missing: { person: "rep-7", level: 2 },
    });
    expect(driven.assignment?.id).not.toBe(first);
  });

  test("a release takes the next step if no other certified person is on duty", () => {
    const driven = assigned(poolLine({}, { repeat: 2 }), { ...staffOf(), duty: { ios: ["ada"] } }).claim("09:06");
    expect(driven.pool("09:08", { type: "release", token: 1 })).toBeUndefined();
    expect(driven.types.slice(2)).toEqual(["pool.released", "handoff.offered"]);
    expect(driven.last("handoff.offered").data.reason).toBe("released");
  });
});
