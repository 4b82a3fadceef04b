import { newId, wall } from "@crossline/contracts";
import { expect, test } from "vitest";
import { bounceAddress, canaryAddress, readMailbox, replyAddress } from "../../src/mail/address.ts";

const mailDomain = { domain: "mail.crossline.example", secret: "a-secret-of-these-tests" };
const caseId = newId("cs");
const messageId = newId("ms");
const runId = newId("cnr");

test("an address of a case, a message or a run is read in any spelling, and its local part has at most 64 octets", () => {
  const reply = replyAddress(caseId, mailDomain);
  const bounce = bounceAddress(messageId, mailDomain);
  for (const written of [reply, reply.toUpperCase()])
    expect(readMailbox(written, mailDomain)).toEqual({ kind: "reply", caseId });
  expect(readMailbox(bounce.toUpperCase(), mailDomain)).toEqual({ kind: "bounce", messageId });
  const canary = canaryAddress(runId, mailDomain);
  expect(readMailbox(canary.toUpperCase(), mailDomain)).toEqual({ kind: "canary", runId });
  for (const address of [reply, bounce, canary]) expect(address.indexOf("@")).toBeLessThanOrEqual(64);
});

test("a token with any changed digit names nothing, and neither does the token of another kind, secret or domain", () => {
  const reply = replyAddress(caseId, mailDomain);
  for (let place = 2; place < reply.indexOf("@"); place++) {
    const changed = reply.slice(0, place) + (reply[place] === "0" ? "1" : "0") + reply.slice(place + 1);
    expect(readMailbox(changed, mailDomain)?.kind).not.toBe("reply");
  }
  expect(readMailbox(reply.replace(/^r/, "b"), mailDomain)?.kind).not.toBe("bounce");
  expect(readMailbox(reply.replace(/^r/, "c"), mailDomain)?.kind).not.toBe("canary");
  expect(readMailbox(reply, { ...mailDomain, secret: "another-secret-of-tests" })?.kind).not.toBe("reply");
  expect(readMailbox(reply, { ...mailDomain, domain: "elsewhere.example" })).toBeUndefined();
});

test("the mailbox of a carrier can name a stepped timeline", () => {
  const timeline = newId("stp");
  const read = (local: string) => readMailbox(`${local}@MAIL.crossline.example`, mailDomain);
  expect(read("Northtel")).toEqual({ kind: "intake", carrier: "northtel", timeline: wall });
  expect(read(`northtel+${timeline}`)).toEqual({ kind: "intake", carrier: "northtel", timeline });
  for (const local of [
    "",
    "northtel+wall",
    `northtel+${newId("imp")}`,
    "north tel",
    "-northtel",
    `${"n".repeat(60)}+${timeline}`,
  ])
    expect(read(local)).toBeUndefined();
});
