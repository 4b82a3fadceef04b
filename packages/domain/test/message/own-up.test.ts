import { parseInstant } from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import { draftApology, draftLanguages, explain, guardText, mistakesOf } from "../../src/index.ts";
import { at } from "../given.ts";
import { PlayedCase, importer } from "../owed/played.ts";

const clocks = [
  { kind: "first-response" as const, target: "PT4H", warnAt: [] },
  { kind: "promise" as const, warnAt: [] },
  { kind: "stall.idle" as const, target: "P5D", warnAt: [] },
];
const opening = {
  channel: "web" as const,
  kind: "inquiry",
  subject: { name: "Ann Li", email: "ann@customer.example" },
};
const reader = { language: "en", zone: "America/Toronto" } as const;

function mistakes({ whole }: PlayedCase) {
  return mistakesOf(whole.intake, explain(whole.clocks, whole.line, whole.now), whole.now);
}
const draft = (played: PlayedCase, language: (typeof draftLanguages)[number] = "en"): string | undefined =>
  draftApology(played.whole.intake, mistakes(played), { ...reader, language });

describe("a draft apology", () => {
  test("is absent while the records show no mistake", () => {
    expect(draft(new PlayedCase({ clocks }, opening).until("12:59"))).toBeUndefined();
  });

  test("names a late first answer that is still owed, and the attempts", () => {
    const played = new PlayedCase({ clocks }, opening).contact("10:00", {}, importer).until("14:00");
    expect(draft(played)).toBe(
      [
        "Hello Ann Li,",
        "Your first message reached us on March 7, 2026 at 9:00 AM. We let you contact us 2 times. We owed you a first answer by March 7, 2026 at 1:00 PM, and we did not give it in time. We still owe it to you.",
        "This was our fault. We are sorry.",
        "[Describe the next step, its owner and its time.]",
      ].join("\n\n"),
    );
  });

  test("says when a late answer came", () => {
    const played = new PlayedCase({ clocks }, opening).answer("15:30").until("16:00");
    expect(draft(played)).toContain("It came only on March 7, 2026 at 3:30 PM.");
  });

  test("names a broken promise and a message that failed", () => {
    const played = new PlayedCase({ clocks }, opening)
      .command("10:00", { type: "promise", promiseId: "pr_1", text: "a call", until: "2026-03-07T11:00:00-05:00" })
      .command("10:01", {
        type: "write-message",
        messageId: "ms_1",
        channel: "sms",
        via: "crm",
        text: "We call at 11.",
      })
      .command("10:02", { type: "report-failed", messageId: "ms_1", reason: "unknown number" })
      .until("11:01");
    expect(mistakes(played)).toEqual([
      { is: "broken-promise", until: parseInstant("2026-03-07T11:00:00-05:00") },
      { is: "failed-message" },
    ]);
  });

  test("does not own up to a clock that is charged to another company, or that was met in time", () => {
    const played = new PlayedCase({ clocks }, opening).answer("12:00").until("18:00");
    expect(mistakes(played)).toEqual([]);
    expect(mistakesOf(played.whole.intake, [late("orchard")], at("18:00"))).toEqual([]);
    expect(mistakesOf(played.whole.intake, [late("northtel")], at("18:00"))).toHaveLength(1);
  });

  test.each(draftLanguages)("never blames the customer (%s): the guard releases it", (language) => {
    const played = new PlayedCase({ clocks }, opening).contact("10:00", {}, importer).until("14:00");
    const text = draft(played, language) ?? "";
    expect(text.split("\n\n")).toHaveLength(4);
    expect(guardText(text)).toEqual([]);
  });
});

function late(charged: string) {
  const thresholds = [{ percent: 100, dueAt: "2026-03-07T18:00:00Z", firedAt: "2026-03-07T18:00:00Z" }];
  return { kind: "first-response", state: "breached", charged, thresholds };
}
