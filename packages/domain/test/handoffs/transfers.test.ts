import { openHandoffOf } from "../../src/index.ts";
import { describe, expect, test } from "vitest";
import { DrivenHandoff, evidence, twoSteps } from "./driven-handoff.ts";

const accepted = (by = twoSteps()): DrivenHandoff => new DrivenHandoff(by).open().cross("09:10").accept("09:20");
const pass = { type: "transfer", code: "wrong-team", to: "orchard.tier2", note: "radio, not battery" };

test("a transfer offers the case to another queue, and the transferring vendor stays the holder until the acceptance", () => {
  const driven = accepted().execute("09:40", pass);
  expect(driven.types.slice(-2)).toEqual(["handoff.transferred", "handoff.offered"]);
  expect(openHandoffOf(driven.crossing)).toMatchObject({ queue: "orchard.tier2", phase: "offered" });
  expect(driven.crossing.holder).toBe("orchard");
  expect(driven.last("handoff.offered").data.reason).toBe("transferred");
});

test("a third vendor gets the offer with the whole brief, and becomes the holder when it accepts", () => {
  const driven = accepted().execute("09:40", { ...pass, code: "component-of-other", to: "quill.radio" });
  expect(driven.last("queue.offered").topic).toBe("crossline.queue.quill.stepped.v1");
  expect(driven.accept("09:50").crossing.holder).toBe("quill");
});

test("the next line step follows a transfer that no vendor accepts", () => {
  const driven = accepted().execute("09:40", pass).breach("10:10", "vendor.acceptance");
  expect(openHandoffOf(driven.crossing)?.queue).toBe("quill.care");
});

test("only an accepted case can be transferred", () => {
  const driven = new DrivenHandoff().open().cross("09:10").execute("09:11", { type: "claim" });
  expect(driven.command("09:12", pass)?.code).toBe("illegal_transition");
});

describe("⚠ two vendors cannot transfer a case back and forth forever", () => {
  const toQuill = { type: "transfer", code: "component-of-other", to: "quill.radio" };
  const toOrchard = { type: "transfer", code: "wrong-vendor", to: "orchard.handheld" };
  const atQuill = (by = twoSteps()): DrivenHandoff => accepted(by).execute("09:40", toQuill).accept("09:50");

  test("a transfer back needs evidence and counts as a return between the two vendors", () => {
    const driven = atQuill();
    expect(driven.command("10:00", toOrchard)).toMatchObject({
      code: "evidence_needed",
      fields: [{ at: "/evidence" }],
    });
    driven.execute("10:00", { ...toOrchard, evidence });
    expect(driven.last("handoff.transferred").data).toMatchObject({ evidence, returns: 1 });
    expect(driven.crossing.returns).toEqual({ "orchard+quill": 1 });
    expect(openHandoffOf(driven.crossing)?.queue).toBe("orchard.handheld");
  });

  test("the transfer back that reaches the limit makes the case joint for all three companies, with the carrier as holder", () => {
    const driven = atQuill()
      .execute("10:00", { ...toOrchard, evidence })
      .accept("10:10");
    driven.execute("10:20", { ...toQuill, evidence });
    expect(driven.types.slice(-2)).toEqual(["handoff.returned", "joint.declared"]);
    expect(driven.last("joint.declared").data).toMatchObject({
      accountable: "northtel",
      parties: ["northtel", "orchard", "quill"],
      returns: 2,
    });
    expect(openHandoffOf(driven.crossing)).toBeUndefined();
    expect(driven.crossing.holder).toBe("northtel");
  });

  test("a transfer to a third vendor or to another queue of the same vendor is no transfer back", () => {
    const driven = atQuill()
      .execute("10:00", { type: "transfer", code: "wrong-team", to: "quill.care" })
      .accept("10:10");
    driven.execute("10:20", { type: "transfer", code: "component-of-other", to: "lumen.core" });
    expect(driven.crossing.returns).toBeUndefined();
  });

  test("a transfer to the present queue is refused", () => {
    const here = { ...pass, to: "orchard.handheld" };
    expect(accepted().command("09:40", here)?.code).toBe("illegal_transition");
  });
});
