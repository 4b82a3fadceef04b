import { describe, expect, test } from "vitest";
import { PlayedCase, importer, rep } from "../owed/played.ts";

/* An obligation to the customer is met when a message is sent, and owed again when the message fails. */

const owed = {
  clocks: [
    { kind: "first-response" as const, target: "PT4H", warnAt: [] },
    { kind: "next-update" as const, target: "P1D", warnAt: [] },
  ],
};
const link = "https://help.northtel.example/articles/12";
let ids = 0;

function write(played: PlayedCase, time: string, { text = "We will call you at ten.", actor = rep } = {}): string {
  const messageId = `ms_${++ids}`;
  played.command(time, { type: "write-message", messageId, channel: "sms", via: "crm", text }, actor);
  return messageId;
}

function sent(played: PlayedCase, time: string): string {
  const messageId = write(played, time);
  played.command(time, { type: "report-sent", messageId });
  return messageId;
}

const failed = (played: PlayedCase, time: string, messageId: string): PlayedCase =>
  played.command(time, { type: "report-failed", messageId, reason: "the mailbox is full" });

describe("a message meets an obligation when it is sent", () => {
  test("⚠ a written message that is not sent leaves the first response owed", () => {
    const played = new PlayedCase(owed);
    write(played, "10:00");
    expect(played.until("13:00").breaches("first-response")).toEqual([]);
    expect(played.until("13:01").breaches("first-response")).toEqual(["13:00"]);
  });

  test("a sent message meets the first response at the report", () => {
    const played = new PlayedCase(owed);
    sent(played, "10:00");
    expect(played.clock("first-response")).toBeUndefined();
    expect(played.whole.intake.contacts).toBe(2);
  });

  test("⚠ a program's message and a link never meet the first response", () => {
    const played = new PlayedCase(owed);
    const automatic = write(played, "10:00", { actor: importer });
    played.command("10:01", { type: "report-sent", messageId: automatic }, importer);
    const article = write(played, "10:02", { text: link });
    played.command("10:03", { type: "release-message", messageId: article, reason: "the customer asked for it" });
    played.command("10:04", { type: "report-sent", messageId: article });
    expect(played.clock("first-response")?.due).toBe("13:00");
  });
});

describe("a sent message that fails makes the obligation owed again", () => {
  test("the first response resumes with its counted time", () => {
    const played = new PlayedCase(owed);
    const messageId = sent(played, "10:00");
    failed(played, "12:00", messageId);
    // One hour of four was counted before the message.
    expect(played.clock("first-response")).toEqual({ since: "case/5", due: "15:00" });
    expect(played.whole.intake.messages).toMatchObject([{ id: messageId, state: "failed" }]);
  });

  test("a first response that was late when it was met is due at the failure", () => {
    const played = new PlayedCase(owed);
    const messageId = sent(played, "14:00");
    failed(played, "16:00", messageId).until("16:01");
    expect(played.breaches("first-response")).toEqual(["13:00", "16:00"]);
  });

  test("a later answer that cannot fail settles the earlier message", () => {
    const played = new PlayedCase(owed);
    const messageId = sent(played, "10:00");
    played.answer("11:00");
    expect(failed(played, "12:00", messageId).clock("first-response")).toBeUndefined();
  });

  test("a later message meets the obligations that the failed message had met", () => {
    const played = new PlayedCase(owed);
    const [first, second] = [sent(played, "10:00"), sent(played, "11:00")];
    expect(failed(played, "12:00", first).clock("first-response")).toBeUndefined();
    expect(failed(played, "13:00", second).clock("first-response")?.due).toBe("16:00");
  });

  test("the next update is owed again, and the first response is not", () => {
    const played = new PlayedCase(owed);
    played.answer("10:00").contact("11:00");
    const messageId = sent(played, "12:00");
    failed(played, "13:00", messageId);
    expect(played.clock("first-response")).toBeUndefined();
    expect(played.clock("next-update")?.due).toBe("+1 12:00");
  });

  test("a failed message that was never sent changes no clock", () => {
    const played = new PlayedCase(owed);
    const messageId = write(played, "10:00");
    expect(failed(played, "10:30", messageId).clock("first-response")).toEqual({ since: "case/1", due: "13:00" });
  });

  test("⚠ a resolved case whose answer failed does not close automatically", () => {
    const played = new PlayedCase(owed).resolve("10:00").contact("11:00");
    const messageId = sent(played, "12:00");
    failed(played, "13:00", messageId);
    expect(played.clock("reply")?.due).toBe("+1 12:00");
    expect(played.until("+5 13:00").status).toBe("resolved");
  });
});
