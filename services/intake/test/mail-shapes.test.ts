import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Mailbox, contentOf, interpretMail } from "@crossline/domain";
import { expect, test } from "vitest";
import { parseMail } from "../src/mail/parse.ts";
import { mailFile } from "./mail-world.ts";

/*
 * The shapes of mails that real programs send. Every file of the folder `mails` has its expected result here. The test parses each
 * file with the parser of the receiver.
 */
const intake: Mailbox = { kind: "intake", carrier: "northtel", timeline: "wall" };
const messageId = "ms_01jnrf8k1m3n5p7r9s1t3v5w7x";
const sam = { email: "sam@customer.example", name: "Sam Lee" };

const personal: Record<string, { title: string; text: string; subject?: unknown; files?: string[]; omits?: number }> = {
  "gmail-web": {
    title: "Re: Radio fällt aus",
    text: "Es fällt wieder aus, seit heute früh.",
    subject: { email: "zoe@customer.example", name: "Zoë Müller" },
  },
  outlook: { title: "Wholesale prices", text: "We’d like your prices – in €, please.\n\nSam", subject: sam },
  "outlook-mobile": { title: "No signal", text: "No signal since noon.\n\nGet Outlook for iOS", subject: sam },
  "apple-mail": {
    title: "Photo of the radio",
    text: "The display is cracked:\n\nCan you repair it?",
    subject: sam,
    files: ["photo 1.png"],
  },
  thunderbird: {
    title: "Re: Angebot",
    text: "Danke, der Preis für 20 Geräte ist in Ordnung und wir bestellen sie noch diese Woche.",
    subject: { email: "sam@customer.example", name: "Lee, Sam" },
  },
  yahoo: { title: "Radio", text: "It is dead again.", subject: sam },
  "phone-text": {
    title: "call me pls",
    text: "call me pls",
    subject: { email: "+14165550100@mms.carrier.example" },
  },
  "web-form": { title: "Contact form: wholesale", text: "Name: Sam Lee\nMessage: Grüße aus Köln", subject: sam },
  winmail: { title: "With rich text", text: "The plain text.", subject: sam, omits: 1 },
  "empty-body": { title: "Please call me back", text: "Please call me back", subject: sam },
  "many-headers": { title: "Three hundred headers, and a folded subject", text: "The text.", subject: sam },
  "nul-and-injection": {
    title: "Hello Bcc: all@victim.example",
    text: "Beforeafter reversed",
    subject: sam,
  },
  nested: {
    title: "Nested",
    text: "Grüße – the innermost text.",
    subject: sam,
    files: ["logo.png", "Résumé.pdf"],
  },
};

const read = async (name: string, sender = "sam@customer.example") => parseMail(mailFile(name), sender);

test.each(Object.entries(personal))(
  "%s: a person's mail with its text",
  async (name, { title, text, subject, files = [], omits = 0 }) => {
    const { mail, contents } = await read(name);
    expect(interpretMail(mail, intake)).toEqual({ is: "personal" });
    const content = contentOf(mail, true);
    expect(content).toMatchObject({ title, text, subject });
    expect(content.files.map((file) => file.name)).toEqual(files);
    expect(content.omissions).toHaveLength(omits);
    for (const { place, bytes } of content.files) expect(contents[place]?.length).toBe(bytes);
  },
);

test.each([["exchange-vacation"], ["gmail-vacation"], ["ticket-system"]])("%s: an automatic mail", async (name) => {
  expect(interpretMail((await read(name)).mail, intake)).toMatchObject({ is: "automatic" });
  expect(interpretMail((await read(name, "")).mail, { kind: "bounce", messageId })).toMatchObject({
    is: "automatic",
  });
});

test.each([["postfix-bounce"], ["gmail-bounce"], ["qmail-bounce"]])("%s: the message failed for good", async (name) => {
  const { mail } = await read(name, "");
  // At the mailbox of the carrier, the report itself names the message.
  for (const mailbox of [intake, { kind: "bounce", messageId } as const])
    expect(interpretMail(mail, mailbox)).toEqual({
      is: "bounce",
      messageIds: [messageId],
      reason: expect.stringContaining("5.1.1"),
    });
});

test("newsletter: an automatic mail", async () => {
  expect(interpretMail((await read("newsletter")).mail, intake)).toEqual({ is: "automatic", sign: "list" });
});

test("postfix-delay: a delay has no effect", async () => {
  expect(interpretMail((await read("postfix-delay", "")).mail, { kind: "bounce", messageId })).toEqual({ is: "delay" });
});

test("broken-mime: the mail is read as far as possible, and nothing throws", async () => {
  const { mail, hash } = await read("broken-mime");
  expect(interpretMail(mail, intake)).toEqual({ is: "personal" });
  const { title, subject } = contentOf(mail, true);
  expect(title).not.toBe("");
  expect(subject).toMatchObject({ email: "sam@customer.example" });
  expect(hash).toBe((await read("broken-mime")).hash);
});

test("every file of the folder has its expected result", () => {
  const others = [
    "exchange-vacation",
    "gmail-vacation",
    "ticket-system",
    "newsletter",
    "postfix-bounce",
    "gmail-bounce",
    "qmail-bounce",
    "postfix-delay",
    "broken-mime",
  ];
  const files = readdirSync(join(import.meta.dirname, "mails")).map((file) => file.replace(/\.eml$/, ""));
  expect(files.toSorted((a, b) => a.localeCompare(b))).toEqual(
    [...Object.keys(personal), ...others].toSorted((a, b) => a.localeCompare(b)),
  );
});
