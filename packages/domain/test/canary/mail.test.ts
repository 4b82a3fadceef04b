import { newId } from "@crossline/contracts";
import { expect, test } from "vitest";
import { type ParsedMail, canAcknowledge, canaryAddress, runOfSender } from "../../src/index.ts";

const mailDomain = { domain: "mail.crossline.example", secret: "a-secret-of-these-tests" };
const runId = newId("cnr");
const address = canaryAddress(runId, mailDomain);
const mailOf = (more: Partial<ParsedMail>): ParsedMail => ({
  sender: address,
  from: { name: "", address },
  subject: "Canary",
  inReplyTo: [],
  references: [],
  headers: [],
  text: "We have received your mail.",
  report: [],
  files: [],
  ...more,
});

test("only a sender with the MAC of a run marks its mail", () => {
  expect(runOfSender(mailOf({}), mailDomain)).toBe(runId);
  expect(runOfSender(mailOf({ from: undefined }), mailDomain)).toBe(runId);
  const other = canaryAddress(runId, { ...mailDomain, secret: "another-secret-of-tests" });
  const guessed = `c-${runId.slice(4)}0000000000000000@${mailDomain.domain}`;
  for (const forged of [other, guessed, address.replace(/^c/, "r"), "sam@customer.example", ""])
    expect(runOfSender(mailOf({ from: { name: "", address: forged } }), mailDomain)).toBeUndefined();
});

test("an automatic reply can be the acknowledgement, and the report of a mail server cannot", () => {
  const headers = [{ name: "auto-submitted", value: "auto-replied" }];
  expect(canAcknowledge(mailOf({ sender: "", headers }), runId)).toBe(true);
  expect(canAcknowledge(mailOf({ sender: "", report: ["Action: failed\nStatus: 5.1.1"] }), runId)).toBe(false);
  expect(canAcknowledge(mailOf({ sender: "", report: ["Action: delayed\nStatus: 4.4.1"] }), runId)).toBe(false);
  const from = { name: "Mail Delivery System", address: "mailer-daemon@mx.example" };
  expect(canAcknowledge(mailOf({ sender: "", from, subject: "Undelivered Mail Returned to Sender" }), runId)).toBe(
    false,
  );
});
