import { newId } from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import type { Mailbox } from "../../src/mail/address.ts";
import { interpretMail, namedMessages, outboundMessageOf } from "../../src/mail/interpret.ts";
import type { ParsedMail } from "../../src/mail/parsed-mail.ts";

const messageId = newId("ms");
const intake: Mailbox = { kind: "intake", carrier: "northtel", timeline: "wall" };
const bounces: Mailbox = { kind: "bounce", messageId };

function mailWith({
  headers = {},
  ...more
}: Partial<Omit<ParsedMail, "headers">> & { headers?: Record<string, string> }): ParsedMail {
  return {
    sender: "sam@customer.example",
    from: { name: "Sam", address: "sam@customer.example" },
    subject: "A question",
    inReplyTo: [],
    references: [],
    text: "Do you sell radios?",
    report: [],
    files: [],
    ...more,
    headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
  };
}

describe("an automatic mail", () => {
  test.each([
    ["auto-submitted", { headers: { "auto-submitted": "auto-replied" } }],
    ["auto-submitted", { headers: { "auto-submitted": "auto-generated; owner-email=x" } }],
    ["suppress", { headers: { "x-auto-response-suppress": "OOF" } }],
    ["autoreply-header", { headers: { "x-autoreply": "yes" } }],
    ["list", { headers: { "list-id": "<news.example>" } }],
    ["precedence", { headers: { precedence: "bulk" } }],
    ["null-sender", { sender: "" }],
    ["system-sender", { from: { name: "", address: "news-request@lists.example" } }],
    ["subject", { subject: "Automatic reply: A question" }],
    ["subject", { subject: "Abwesenheitsnotiz: Frage" }],
  ] as const)("is known by its %s", (sign, more) => {
    expect(interpretMail(mailWith(more), intake)).toEqual({ is: "automatic", sign });
  });

  test.each([
    [{ headers: { "auto-submitted": "no" } }],
    [{ headers: { "auto-submitted": "No (a person)" } }],
    [{ headers: { "x-auto-response-suppress": "None" } }],
    [{ headers: { precedence: "first-class" } }],
    [{ subject: "Why is your automatic reply so slow?" }],
    [{ subject: "My radio is out of office hours" }],
  ])("a person's mail with %j is not one", (more) => {
    expect(interpretMail(mailWith(more), intake)).toEqual({ is: "personal" });
  });
});

describe("a bounce", () => {
  const reportOf = (action: string, status: string) => [
    `Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; y\nAction: ${action}\nStatus: ${status}`,
  ];

  test("a report with a permanent failure names its message, even with a status of class 4", () => {
    for (const status of ["5.1.1", "4.4.7"]) {
      const mail = mailWith({ sender: "", report: reportOf("failed", status) });
      expect(interpretMail(mail, bounces)).toMatchObject({ is: "bounce", messageIds: [messageId] });
    }
    const elsewhere = mailWith({
      sender: "",
      report: [...reportOf("failed", "5.2.2"), `Message-ID: <${messageId}@x.example>`],
    });
    expect(interpretMail(elsewhere, intake)).toMatchObject({ is: "bounce", messageIds: [messageId] });
  });

  test.each([
    ["delayed", "4.4.1"],
    ["delivered", "2.0.0"],
    ["relayed", "2.0.0"],
  ])("a report with the action %s has no effect", (action, status) => {
    expect(interpretMail(mailWith({ sender: "", report: reportOf(action, status) }), bounces)).toEqual({ is: "delay" });
  });

  test("a sloppy report is known by its sender and subject", () => {
    const from = { name: "Mail Delivery System", address: "mailer-daemon@old.example" };
    const failed = mailWith({ from, subject: "failure notice", text: "550 5.1.1 no such user" });
    expect(interpretMail(failed, bounces)).toMatchObject({ is: "bounce", reason: expect.stringContaining("5.1.1") });
    const late = mailWith({ from, subject: "Warning: message delayed", text: "We are still trying." });
    expect(interpretMail(late, bounces)).toEqual({ is: "delay" });
  });

  test("at the bounce address, an empty sender means a bounce, but an automatic reply stays one", () => {
    const odd = mailWith({ sender: "", subject: "Sorry", text: "no luck" });
    expect(interpretMail(odd, bounces)).toMatchObject({ is: "bounce", messageIds: [messageId] });
    expect(interpretMail(odd, intake)).toMatchObject({ is: "automatic" });
    const away = mailWith({ sender: "", headers: { "auto-submitted": "auto-replied" } });
    expect(interpretMail(away, bounces)).toMatchObject({ is: "automatic" });
    const vacation = mailWith({ sender: "", subject: "Out of office: back on Monday" });
    expect(interpretMail(vacation, bounces)).toMatchObject({ is: "automatic" });
  });

  test("a person who writes to the bounce address, or about a failure, sends no bounce", () => {
    expect(interpretMail(mailWith({}), bounces)).toEqual({ is: "personal" });
    expect(interpretMail(mailWith({ subject: "My mail to you was undeliverable" }), intake)).toEqual({
      is: "personal",
    });
  });
});

test("a mail names its messages from the nearest to the farthest, and only Crossline's ids name outbound messages", () => {
  const mail = mailWith({ inReplyTo: ["c@x"], references: ["a@x", "b@x", "c@x"] });
  expect(namedMessages(mail)).toEqual(["c@x", "b@x", "a@x"]);
  expect(outboundMessageOf(`${messageId.toUpperCase()}@any.example`)).toBe(messageId);
  for (const other of [`x${messageId}@y`, "ms_short@y", `${messageId}0@y`])
    expect(outboundMessageOf(other)).toBeUndefined();
});
