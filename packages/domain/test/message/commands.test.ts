import type { Actor } from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import type { CaseCommand } from "../../src/index.ts";
import { messageLimits } from "../../src/message/message.ts";
import { PlayedCase, importer, rep } from "../owed/played.ts";

const clocks = [{ kind: "first-response" as const, target: "PT4H", warnAt: [] }];
const link = "https://help.northtel.example/articles/12";
const lead: Actor = { ...rep, person: "lead-2" };

const written = (text: string, more: object = {}): CaseCommand => ({
  type: "write-message",
  messageId: "ms_1",
  channel: "sms",
  via: "crm",
  text,
  ...more,
});
const stateOf = (played: PlayedCase) => played.whole.intake.messages?.[0]?.state;
const typesOf = (played: PlayedCase) =>
  played.whole.messages.filter(({ type }) => type.startsWith("message.")).map(({ type }) => type);

describe("a held message", () => {
  const held = (): PlayedCase => new PlayedCase({ clocks }).command("10:00", written(link));
  const release = { type: "release-message", messageId: "ms_1" } as const;

  test("waits for a person, with its marked place", () => {
    const played = held();
    expect(played.whole.intake.messages).toMatchObject([
      { state: "held", marks: [{ from: 0, to: link.length, rule: "link-only" }] },
    ]);
    expect(played.whole.command({ type: "report-sent", messageId: "ms_1" }, rep)?.code).toBe("illegal_transition");
  });

  test("is released by a second person without a reason", () => {
    expect(stateOf(held().command("10:05", release, lead))).toBe("released");
  });

  test.each([
    ["its author", rep],
    ["an unnamed person", { party: "northtel", automated: false }],
  ])("needs a reason from %s", (_, actor) => {
    const played = held();
    expect(played.whole.command(release, actor)?.code).toBe("reason_needed");
    played.command("10:05", { ...release, reason: "the customer asked for the link" }, actor);
    expect(played.whole.messages.at(-1)?.data).toMatchObject({ reason: "the customer asked for the link" });
  });

  test("is not released by a program, even with a reason", () => {
    expect(held().whole.command({ ...release, reason: "x" }, importer)?.code).toBe("forbidden");
  });

  test("is released at once after its author changed the text", () => {
    const played = held().command("10:05", { type: "reword-message", messageId: "ms_1", text: "We call you at ten." });
    expect(typesOf(played)).toEqual(["message.written", "message.reworded", "message.released"]);
    expect(played.whole.intake.messages).toMatchObject([{ state: "released", content: "answer" }]);
  });

  test("can be withdrawn, and then accepts no command", () => {
    const played = held().command("10:05", { type: "withdraw-message", messageId: "ms_1", reason: "they called" });
    expect(stateOf(played)).toBe("withdrawn");
    expect(played.whole.command(release, lead)?.code).toBe("illegal_transition");
  });
});

describe("a new message", () => {
  test("with a reason is released although a place is marked, and the case keeps the reason", () => {
    const played = new PlayedCase({ clocks }).command("10:00", written(link, { reason: "they asked for it" }));
    expect(typesOf(played)).toEqual(["message.written", "message.released"]);
    expect(played.whole.messages.at(-1)?.data).toMatchObject({ reason: "they asked for it", content: "article" });
  });

  test("by mail goes to the address of the case, or to the given address", () => {
    const opening = { channel: "mail" as const, subject: { email: "ann@customer.example" } };
    const played = new PlayedCase({ clocks }, opening).command(
      "10:00",
      written("Hello.", { channel: "mail", via: "mail" }),
    );
    expect(played.whole.messages.at(-1)?.data).toMatchObject({ subject: { email: "ann@customer.example" } });
    const without = new PlayedCase({ clocks });
    expect(without.whole.command(written("Hello.", { via: "mail" }), rep)).toMatchObject({
      code: "invalid_request",
      fields: [{ at: "/to" }],
    });
  });

  test(`is refused if ${messageLimits.open} messages are not sent yet`, () => {
    const played = new PlayedCase({ clocks });
    for (let nth = 0; nth < messageLimits.open; nth++)
      played.command("10:00", written("Hello.", { messageId: `ms_${nth}` }));
    expect(played.whole.command(written("Hello.", { messageId: "ms_x" }), rep)?.code).toBe("limit_reached");
  });

  test("a case keeps its last messages and every message that is not sent", () => {
    const played = new PlayedCase({ clocks }).command("10:00", written(link, { messageId: "ms_held" }));
    for (let nth = 0; nth < messageLimits.kept + 5; nth++) {
      played.command("10:00", written("Hello.", { messageId: `ms_${nth}` }));
      played.command("10:00", { type: "report-sent", messageId: `ms_${nth}` });
    }
    const { messages = [] } = played.whole.intake;
    expect(messages).toHaveLength(messageLimits.kept);
    expect(messages[0]?.id).toBe("ms_held");
  });
});

describe("a report of the CRM", () => {
  const released = (more: object = {}): PlayedCase =>
    new PlayedCase({ clocks }, { channel: "mail", subject: { email: "ann@customer.example" } }).command(
      "10:00",
      written("Hello.", more),
    );

  test("must not be in the future", () => {
    const report = { type: "report-sent", messageId: "ms_1", sentAt: "2026-03-07T10:01:00-05:00" } as const;
    expect(released().whole.command(report, rep)).toMatchObject({
      code: "invalid_request",
      fields: [{ at: "/sentAt" }],
    });
  });

  test("about a mail that notification sends is refused", () => {
    const report = { type: "report-sent", messageId: "ms_1" } as const;
    expect(released({ channel: "mail", via: "mail" }).whole.command(report, rep)?.code).toBe("illegal_transition");
  });

  test("about an unknown message is refused", () => {
    expect(released().whole.command({ type: "report-sent", messageId: "ms_2" }, rep)?.code).toBe("not_found");
  });

  test("counts once: the second report is refused, and the case has one contact more", () => {
    const played = released().command("10:05", { type: "report-sent", messageId: "ms_1" });
    expect(played.whole.command({ type: "report-sent", messageId: "ms_1" }, rep)?.code).toBe("illegal_transition");
    expect(played.whole.intake.contacts).toBe(2);
  });
});
