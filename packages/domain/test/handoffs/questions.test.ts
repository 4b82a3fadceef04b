import { expect, test } from "vitest";
import { answerQuestion, openHandoffOf } from "../../src/index.ts";
import { at } from "../given.ts";
import { DrivenHandoff, rep, twoSteps } from "./driven-handoff.ts";
import { unstaffed } from "../unstaffed.ts";

const claimed = (): DrivenHandoff => new DrivenHandoff().open().cross("09:10").execute("09:11", { type: "claim" });
const ask = { type: "request-info", code: "needs-log", items: ["battery-log"], question: "When did it die?" };
const answer = (driven: DrivenHandoff, time: string) =>
  driven.decide((state) =>
    answerQuestion(
      state,
      { handoffId: openHandoffOf(state)?.id ?? "", actor: rep, answer: "last night" },
      { ...unstaffed, line: twoSteps() },
      at(time),
    ),
  );

test("a vendor asks back and goes on with the answer", () => {
  const driven = claimed().execute("09:12", ask);
  expect(openHandoffOf(driven.crossing)).toMatchObject({ phase: "info-requested", asked: 3 });
  expect(answer(driven, "09:30")).toBeUndefined();
  expect(openHandoffOf(driven.crossing)).toMatchObject({ phase: "claimed", token: 1 });
  expect(driven.last("handoff.info-provided").data).toMatchObject({ answer: "last night", bestEffort: false });
});

test("nobody answers in time: the vendor goes on with best effort", () => {
  const driven = claimed().execute("09:12", ask).breach("+1 09:12", "information", "handoff/3");
  expect(driven.last("handoff.info-provided").data.bestEffort).toBe(true);
  expect(openHandoffOf(driven.crossing)?.phase).toBe("claimed");
});

test("the breach of another wait is not meant", () => {
  const driven = claimed().execute("09:12", ask).breach("+1 09:12", "information", "case/7");
  expect(openHandoffOf(driven.crossing)?.phase).toBe("info-requested");
});

test("an answer that nobody waits for is refused", () => {
  expect(answer(claimed(), "09:30")?.code).toBe("illegal_transition");
});

test("whoever asks may accept or reject all the same, and is asked nothing twice", () => {
  expect(claimed().execute("09:12", ask).command("09:13", ask)?.code).toBe("illegal_transition");
  const rejected = claimed().execute("09:12", ask).execute("09:13", { type: "reject", code: "missing-information" });
  expect(openHandoffOf(rejected.crossing)?.queue).toBe("quill.care");
});

test("a question outlives the lease of who asked it", () => {
  const driven = claimed().execute("09:12", ask).execute("09:40", { type: "claim" });
  expect(openHandoffOf(driven.crossing)).toMatchObject({ phase: "info-requested", token: 2 });
  expect(driven.command("09:41", { type: "accept", token: 1 })?.code).toBe("stale_token");
});

test("what was left of the vendor's time is left when its clock goes on", () => {
  const driven = claimed(); // Until 09:40.
  driven.execute("09:20", ask);
  answer(driven, "10:00");
  expect(openHandoffOf(driven.crossing)).toMatchObject({ acceptBy: at("10:20") });
  expect(openHandoffOf(driven.crossing)).not.toHaveProperty("leftMs");
  driven.execute("10:10", ask).execute("10:30", { type: "release" });
  expect(openHandoffOf(driven.crossing)).toMatchObject({ phase: "offered", acceptBy: at("10:40") });
});
