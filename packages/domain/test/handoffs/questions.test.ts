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

test("a vendor requests information, and continues after the carrier's reply", () => {
  const driven = claimed().execute("09:12", ask);
  expect(openHandoffOf(driven.crossing)).toMatchObject({ phase: "info-requested", asked: 3 });
  expect(answer(driven, "09:30")).toBeUndefined();
  expect(openHandoffOf(driven.crossing)).toMatchObject({ phase: "claimed", token: 1 });
  expect(driven.last("handoff.info-provided").data).toMatchObject({ answer: "last night", bestEffort: false });
});

test("if the carrier does not reply in time, the vendor continues with best effort", () => {
  const driven = claimed().execute("09:12", ask).breach("+1 09:12", "information", "handoff/3");
  expect(driven.last("handoff.info-provided").data.bestEffort).toBe(true);
  expect(openHandoffOf(driven.crossing)?.phase).toBe("claimed");
});

test("if a pause started the clock `information`, its breach does not end an information request", () => {
  const driven = claimed().execute("09:12", ask).breach("+1 09:12", "information", "case/7");
  expect(openHandoffOf(driven.crossing)?.phase).toBe("info-requested");
});

test("a reply is refused if no information request is open", () => {
  expect(answer(claimed(), "09:30")?.code).toBe("illegal_transition");
});

test("a vendor with an open request can accept or reject, but not request again", () => {
  expect(claimed().execute("09:12", ask).command("09:13", ask)?.code).toBe("illegal_transition");
  const rejected = claimed().execute("09:12", ask).execute("09:13", { type: "reject", code: "missing-information" });
  expect(openHandoffOf(rejected.crossing)?.queue).toBe("quill.care");
});

test("an information request stays open after the end of the lease", () => {
  const driven = claimed().execute("09:12", ask).execute("09:40", { type: "claim" });
  expect(openHandoffOf(driven.crossing)).toMatchObject({ phase: "info-requested", token: 2 });
  expect(driven.command("09:41", { type: "accept", token: 1 })?.code).toBe("stale_token");
});

test("the vendor's clock resumes with its remaining time", () => {
  const driven = claimed(); // The vendor's deadline is 09:40.
  driven.execute("09:20", ask);
  answer(driven, "10:00");
  expect(openHandoffOf(driven.crossing)).toMatchObject({ acceptBy: at("10:20") });
  expect(openHandoffOf(driven.crossing)).not.toHaveProperty("leftMs");
  driven.execute("10:10", ask).execute("10:30", { type: "release" });
  expect(openHandoffOf(driven.crossing)).toMatchObject({ phase: "offered", acceptBy: at("10:40") });
});
