import { parseInstant } from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import { DrivenPool, poolLine, pocketOs, staffOf } from "./given.ts";

const missing = { person: "rep-7", level: 2 };

describe("the trigger skill.missing", () => {
  test("a named person without the skill begins a handling: the case goes to the pool at once, and the event says why", () => {
    const driven = new DrivenPool().openPocket().call("09:05", "rep-7");
    expect(driven.types).toEqual(["pool.assigned"]);
    expect(driven.last("pool.assigned")).toMatchObject({
      time: parseInstant("2026-03-07T09:05:00-05:00"),
      data: {
        pool: "ios",
        step: 0,
        attempt: 0,
        acceptWithin: "PT5M",
        reason: "trigger",
        trigger: "skill.missing",
        missing,
        actor: { party: "northtel", automated: true },
      },
    });
    expect(driven.crossing.holder).toBe("northtel");
  });

  test("⚠ an expired skill, a skill that is not valid yet and a lower level count as none", () => {
    for (const [person, skill] of [
      ["old", undefined],
      ["low", undefined],
      ["new", pocketOs(3, { from: "2026-04-01T00:00:00Z" })],
    ] as const) {
      const staff = staffOf();
      if (skill !== undefined) staff.skills[person] = [skill];
      const driven = new DrivenPool(poolLine(), staff).openPocket().call("09:05", person);
      expect(driven.last("pool.assigned").data.missing).toEqual({ person, level: 2 });
    }
  });

  test("a certified person, an unnamed person, a program and a vendor's person trigger nothing", () => {
    const driven = new DrivenPool().openPocket().call("09:05", "ada").call("09:06");
    driven.hangUp("09:07", "ada").hangUp("09:07", "undefined");
    driven.call("09:08", "rep-7", { automated: true }).call("09:09", "rep-7", { party: "orchard" });
    expect(driven.types).toEqual([]);
  });

  test("a device without a model and without a named system needs no skill", () => {
    for (const device of [{ vendor: "orchard" }, { vendor: "orchard", os: "4.2" }, undefined])
      expect(new DrivenPool().open("09:00", { device }).call("09:05", "rep-7").types).toEqual([]);
  });

  test("⚠ a certified person who is live is preferred to a transfer", () => {
    const driven = new DrivenPool().openPocket().call("09:01", "ada").call("09:05", "rep-7");
    expect(driven.types).toEqual([]);
  });

  test("when the certified person hangs up, the trigger judges the person who stays live", () => {
    const driven = new DrivenPool().openPocket().call("09:01", "ada").call("09:05", "rep-7").hangUp("09:10", "ada");
    expect(driven.last("pool.assigned").data).toMatchObject({ reason: "trigger", missing });
  });

  test("when the certified person becomes silent, the trigger judges the person who stays live", () => {
    const driven = new DrivenPool().openPocket().call("09:01", "ada").call("09:05", "rep-7");
    driven.event("09:10", "handling.silent", { handlingId: "hd_ada", silentSince: "2026-03-07T14:09:00Z" });
    expect(driven.last("pool.assigned").data).toMatchObject({ missing });
    const silent = new DrivenPool().openPocket().call("09:01", "ada");
    silent.event("09:10", "handling.silent", { handlingId: "hd_ada", silentSince: "2026-03-07T14:09:00Z" });
    expect(silent.call("09:11", "rep-7").types).toEqual(["pool.assigned"]);
    const audible = new DrivenPool().openPocket().call("09:01", "ada");
    audible.event("09:10", "handling.silent", { handlingId: "hd_ada", silentSince: "2026-03-07T14:09:00Z" });
    audible.event("09:11", "handling.continued", { handlingId: "hd_ada", channel: "phone" });
    expect(audible.call("09:12", "rep-7").types).toEqual([]);
  });

  test("the end of another uncertified person's handling judges nothing again", () => {
    const driven = new DrivenPool(poolLine(), { ...staffOf(), duty: {} }).openPocket().call("09:05", "rep-7");
    expect(driven.types).toEqual(["pool.skipped", "handoff.offered"]);
    driven.call("09:06", "rep-8").breach("09:35", "vendor.acceptance").hangUp("09:36", "rep-8");
    expect(driven.types.slice(2)).toEqual(["handoff.lapsed", "line.exhausted", "last-resort.called"]);
  });

  test("the trigger is not judged while an assignment is open", () => {
    const driven = new DrivenPool().openPocket().call("09:05", "rep-7").call("09:06", "rep-8");
    expect(driven.types).toEqual(["pool.assigned"]);
  });

  test("the trigger does not judge the carrier's people while a vendor holds the case", () => {
    const driven = new DrivenPool().openPocket().cross("09:02").cross("09:03").accept("09:10").call("09:12", "rep-7");
    expect(driven.types.slice(0, 3)).toEqual(["pool.assigned", "pool.lapsed", "handoff.offered"]);
    expect(driven.types).not.toContain("pool.skipped");
    expect(driven.types.at(-1)).toBe("handoff.accepted");
  });

  test("a person without the skill takes a paged case: the next step follows", () => {
    const staff = { ...staffOf(), duty: {} };
    const driven = new DrivenPool(poolLine(), staff).openPocket();
    driven.cross("09:02").breach("09:32", "vendor.acceptance");
    expect(driven.types.at(-1)).toBe("last-resort.called");
    driven.take("09:33", "rep-7");
    // No line step is left, so the take ends the calls of the last resort.
    expect(driven.types.at(-1)).toBe("handoff.taken");
    expect(driven.call("09:34", "rep-7").types.at(-1)).toBe("handoff.taken");
  });

  test("a take of a page by a person without the skill takes the next step, and by a certified person does not", () => {
    const paged = poolLine({
      crossing: [
        { to: "roster:northtel.duty", mode: "ticket", acceptWithin: "PT5M", repeat: 1 },
        { to: "pool:ios", mode: "ticket", acceptWithin: "PT5M", repeat: 1 },
      ],
    });
    const onDuty = () => ({ exists: true, people: [{ person: "rep-7", name: "Grace Hopper" }] });
    const drivenBy = (person: string | undefined) =>
      new DrivenPool(paged, staffOf(), { onDuty }).openPocket().cross("09:02").take("09:03", person).types;
    expect(drivenBy("rep-7")).toEqual(["roster.paged", "handoff.taken", "pool.assigned"]);
    expect(drivenBy("ada")).toEqual(["roster.paged", "handoff.taken"]);
    expect(drivenBy(undefined)).toEqual(["roster.paged", "handoff.taken"]);
  });

  test("without the trigger, routing keeps no live people and judges nothing", () => {
    const driven = new DrivenPool(poolLine({ triggers: [] })).openPocket().call("09:05", "rep-7");
    expect(driven.types).toEqual([]);
    expect(driven.crossing).not.toHaveProperty("livePeople");
  });

  test("the trigger takes a step under neither an observing line nor a canary's case", () => {
    const observing = poolLine({ mode: "observe", crossing: [], lastResort: [] });
    expect(new DrivenPool(observing).openPocket().call("09:05", "rep-7").types).toEqual([]);
    const canary = { canaryId: "cn_1", door: "rest" };
    const device = { vendor: "orchard", os: "PocketOS 4.2" };
    expect(new DrivenPool().open("09:00", { device, canary }).call("09:05", "rep-7").types).toEqual([]);
  });
});
