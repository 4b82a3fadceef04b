import { expect, test } from "vitest";
import { Driven, twoSteps } from "./driven.ts";

const accepted = (by = twoSteps()): Driven => new Driven(by).open().cross("09:10").accept("09:20");
const pass = { type: "transfer", code: "wrong-team", to: "orchard.tier2", note: "radio, not battery" };

test("a transfer asks another queue, and the case stays with who passed it on until it is accepted", () => {
  const driven = accepted().must("09:40", pass);
  expect(driven.types.slice(-2)).toEqual(["handoff.transferred", "handoff.offered"]);
  expect(driven.known.open).toMatchObject({ queue: "orchard.tier2", phase: "offered" });
  expect(driven.known.holder).toBe("orchard");
  expect(driven.last("handoff.offered").data.reason).toBe("transferred");
});

test("a third party gets it with everything that is known, and holds it when it accepts", () => {
  const driven = accepted().must("09:40", { ...pass, code: "component-of-other", to: "quill.radio" });
  expect(driven.last("queue.offered").topic).toBe("crossline.queue.quill.stepped.v1");
  expect(driven.accept("09:50").known.holder).toBe("quill");
});

test("nobody takes what was passed on: the next step of the line follows", () => {
  const driven = accepted().must("09:40", pass).breach("10:10", "vendor.acceptance");
  expect(driven.known.open?.queue).toBe("quill.care");
});

test("what was not accepted is not passed on", () => {
  const driven = new Driven().open().cross("09:10").must("09:11", { type: "claim" });
  expect(driven.command("09:12", pass)?.code).toBe("illegal_transition");
});
