import { newId, topics } from "@crossline/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type MailWorld, createMailWorld, mailDomain, openSmtp, plainMail, sendMail } from "./mail-world.ts";
import { opening, waitFor } from "./world.ts";

let world: MailWorld;
beforeAll(async () => {
  world = await createMailWorld();
});
afterAll(() => world.stop());

const northtelMailbox = `northtel@${mailDomain}`;
let people = 0;
/** Returns the header and the envelope sender of a new customer. */
function newCustomer() {
  const email = `customer-${++people}@customer.example`;
  return { email, from: `From: Customer <${email}>` };
}
const send = (raw: string, to: string | readonly string[] = northtelMailbox, from?: string) =>
  sendMail(world.port, { to, raw, ...(from !== undefined && { from }) });

/** Returns the cases of Northtel whose customer has the mail address, newest first. */
async function casesOf(email: string): Promise<any[]> {
  const rows = await world.database.query<{ id: string }>({
    text: "select id from case_record where state->'subject'->>'email' = $1 order by opened_at desc",
    values: [email],
  });
  return Promise.all(rows.map(async ({ id }) => (await world.northtel.get(`/v1/cases/${id}`)).body));
}
const entriesOf = async (id: string) => (await world.northtel.get(`/v1/cases/${id}/entries`)).body.items as any[];
const messagesOf = async (id: string) => (await world.northtel.get(`/v1/cases/${id}/messages`)).body.items as any[];
const contactsOf = async (id: string) => (await world.northtel.get(`/v1/cases/${id}/contacts`)).body.items as any[];
async function released(caseId: string): Promise<any[]> {
  await waitFor(() => world.events.some(({ type, key }) => key === caseId && type === "message.released"));
  return world.events.filter(({ type, key }) => key === caseId && type === "message.released").map(({ data }) => data);
}

describe("a mail to the mailbox of a carrier", () => {
  test("opens an inquiry with the text, and one acknowledgement is released", async () => {
    const { email, from } = newCustomer();
    expect(await send(plainMail("Do you sell to shops?", [from, "Subject: Wholesale"]))).toMatch(/^250/);
    const [inquiry, ...others] = await casesOf(email);
    expect(others).toEqual([]);
    expect(inquiry).toMatchObject({
      kind: "inquiry",
      title: "Wholesale",
      channel: "mail",
      subject: { email, name: "Customer" },
      inquiry: { attempts: 1 },
    });
    expect(await entriesOf(inquiry.id)).toMatchObject([
      { kind: "message", by: "customer", audience: "partners", text: "Do you sell to shops?" },
    ]);
    const [acknowledgement, ...further] = await released(inquiry.id);
    expect(further).toEqual([]);
    expect(acknowledgement).toMatchObject({
      via: "mail",
      content: "auto-reply",
      subject: { email },
      mail: {
        subject: "Re: Wholesale",
        messageId: acknowledgement.messageId,
        inReplyTo: expect.stringMatching(/@customer\.example$/),
        replyTo: expect.stringMatching(/^r-[0-9a-z]{42}@mail\.crossline\.example$/),
        bouncesTo: expect.stringMatching(/^b-[0-9a-z]{42}@mail\.crossline\.example$/),
      },
    });
  });

  test("of the same sender is one more attempt, without a second acknowledgement", async () => {
    const { email, from } = newCustomer();
    for (const text of ["One", "Two", "Three"]) expect(await send(plainMail(text, [from]))).toMatch(/^250/);
    const [inquiry, ...others] = await casesOf(email);
    expect(others).toEqual([]);
    expect(inquiry.inquiry.attempts).toBe(3);
    expect((await messagesOf(inquiry.id)).length).toBe(1);
  });

  test("that is delivered twice adds nothing", async () => {
    const { email, from } = newCustomer();
    const raw = plainMail("Twice", [from]);
    expect(await send(raw)).toMatch(/^250/);
    await world.database.query({ text: "delete from idempotency" });
    expect(await send(raw)).toMatch(/^250/);
    const [inquiry, ...others] = await casesOf(email);
    expect(others).toEqual([]);
    expect(inquiry.inquiry.attempts).toBe(1);
  });

  test("that ten connections deliver at once adds one attempt", async () => {
    const { email, from } = newCustomer();
    const raw = plainMail("At once", [from]);
    const replies = await Promise.all(Array.from({ length: 10 }, () => send(raw)));
    for (const reply of replies) expect(reply).toMatch(/^(?:250|451)/);
    expect(await send(raw)).toMatch(/^250/);
    const [inquiry, ...others] = await casesOf(email);
    expect(others).toEqual([]);
    expect(inquiry.inquiry.attempts).toBe(1);
  });

  test("without a message id is recognised by its content", async () => {
    const { email, from } = newCustomer();
    const raw = plainMail("No id", [from]).replace(/Message-ID: .*\r\n/, "");
    await send(`Received: from a.example\r\n${raw}`);
    await world.database.query({ text: "delete from idempotency" });
    await send(`Received: from b.example\r\n${raw}`);
    const [inquiry, ...others] = await casesOf(email);
    expect(others).toEqual([]);
    expect(inquiry.inquiry.attempts).toBe(1);
  });

  test("never joins a fault of the same customer; it opens an inquiry beside it", async () => {
    const { email, from } = newCustomer();
    const fault = await world.northtel.post("/v1/cases", opening({ subject: { email } }));
    await send(plainMail("Hello", [from]));
    const cases = await casesOf(email);
    expect(cases.map(({ kind }) => String(kind)).toSorted()).toEqual(["fault", "inquiry"]);
    expect(cases.find(({ id }) => id === fault.body.id).counts.contacts).toBe(1);
  });

  test("never joins an inquiry that has ended", async () => {
    const { email, from } = newCustomer();
    await send(plainMail("First", [from]));
    const [ended] = await casesOf(email);
    await world.northtel.post(`/v1/cases/${ended.id}/close`);
    await send(plainMail("Second", [from]));
    const cases = await casesOf(email);
    expect(cases.length).toBe(2);
    expect(cases.find(({ id }) => id === ended.id)).toMatchObject({ status: "closed", counts: { contacts: 1 } });
    expect(cases[0].follows).toBe(ended.id);
  });

  test("that names only its sender does not end a pause for the customer, and a reply does", async () => {
    const { email, from } = newCustomer();
    await send(plainMail("First", [from]));
    const [inquiry] = await casesOf(email);
    const pause = {
      status: "pending",
      waitingOn: "customer",
      note: "We asked for the address.",
      maximum: "P3D",
      evidence: "Mail",
      code: "customer-to-answer",
    };
    expect((await world.northtel.post(`/v1/cases/${inquiry.id}/status`, { status: "inProgress" })).status).toBe(200);
    expect((await world.northtel.post(`/v1/cases/${inquiry.id}/status`, pause)).status).toBe(200);
    await send(plainMail("Second", [from]));
    expect((await casesOf(email))[0]).toMatchObject({ status: "pending", inquiry: { attempts: 2 } });
    const [acknowledgement] = await released(inquiry.id);
    await send(plainMail("My address", [from]), acknowledgement.mail.replyTo);
    expect((await casesOf(email))[0]).toMatchObject({ status: "inProgress", inquiry: { attempts: 3 } });
  });

  test("never joins another carrier's inquiry", async () => {
    const { email, from } = newCustomer();
    await send(plainMail("To Northtel", [from]));
    await send(plainMail("To Lumen", [from]), `lumen@${mailDomain}`);
    const rows = await world.database.query<{ carrier: string }>({
      text: "select carrier from case_record where state->'subject'->>'email' = $1 order by 1",
      values: [email],
    });
    expect(rows).toEqual([{ carrier: "lumen" }, { carrier: "northtel" }]);
  });
});

describe("a mail that names its case", () => {
  test("a reply token joins its case in any spelling, even from another address", async () => {
    const { email, from } = newCustomer();
    await send(plainMail("First", [from]));
    const [inquiry] = await casesOf(email);
    const [{ mail }] = await released(inquiry.id);
    const other = newCustomer();
    expect(await send(plainMail("From my other address", [other.from]), mail.replyTo.toUpperCase())).toMatch(/^250/);
    expect(await casesOf(other.email)).toEqual([]);
    expect((await contactsOf(inquiry.id)).length).toBe(2);
  });

  test("References and In-Reply-To find the case of an outbound message and of an earlier mail", async () => {
    const { email, from } = newCustomer();
    const first = `Message-ID: <first-${email}>`;
    await send(plainMail("First", [from, first]));
    const [inquiry] = await casesOf(email);
    const [{ messageId }] = await released(inquiry.id);
    const others = [newCustomer(), newCustomer(), newCustomer()] as const;
    await send(plainMail("One", [others[0].from, `In-Reply-To: <${messageId}@anything.example>`]));
    await send(plainMail("Two", [others[1].from, `References: <unknown@x.example> <first-${email}>`]));
    expect((await contactsOf(inquiry.id)).length).toBe(3);
    // The same id at another carrier names nothing.
    await send(plainMail("Three", [others[2].from, `In-Reply-To: <${messageId}@x.example>`]), `lumen@${mailDomain}`);
    expect((await contactsOf(inquiry.id)).length).toBe(3);
    const [ofLumen] = await world.database.query({
      text: "select 1 from case_record where carrier = 'lumen' and state->'subject'->>'email' = $1",
      values: [others[2].email],
    });
    expect(ofLumen).toBeDefined();
  });

  test("a written message continues the thread of the customer's last mail", async () => {
    const { email, from } = newCustomer();
    await send(plainMail("First", [from, `Message-ID: <a-${email}>`, "Subject: Broken radio"]));
    const [inquiry] = await casesOf(email);
    await send(
      plainMail("Second", [from, `Message-ID: <b-${email}>`, `References: <a-${email}>`, "Subject: RE: Broken radio"]),
    );
    const written = await world.northtel.post(`/v1/cases/${inquiry.id}/messages`, {
      text: "We will call you.",
      via: "mail",
      person: "rep-7",
    });
    expect(written.body).toMatchObject({ state: "released" });
    await waitFor(
      () => world.events.filter(({ type, key }) => key === inquiry.id && type === "message.released").length === 2,
    );
    expect((await released(inquiry.id)).at(-1).mail).toMatchObject({
      subject: "RE: Broken radio",
      inReplyTo: `b-${email}`,
      references: [`a-${email}`, `b-${email}`],
      replyTo: expect.stringMatching(/^r-/),
      bouncesTo: expect.stringMatching(/^b-/),
    });
  });

  test("a reply to a case that was merged joins the target case", async () => {
    const one = newCustomer();
    const two = newCustomer();
    await send(plainMail("One", [one.from]));
    await send(plainMail("Two", [two.from]));
    const [source] = await casesOf(one.email);
    const [target] = await casesOf(two.email);
    const [{ mail }] = await released(source.id);
    // A merge through the API needs the clocks of the real timer, which this world does not have.
    await world.database.query({
      text: "update case_record set state = jsonb_set(state::jsonb, '{mergedInto}', to_jsonb($2::text))::json where id = $1",
      values: [source.id, target.id],
    });
    await send(plainMail("Reply", [one.from]), mail.replyTo);
    expect((await contactsOf(target.id)).length).toBe(2);
  });
});

describe("a bounce", () => {
  const report = (action: string, status: string) =>
    [
      "From: MAILER-DAEMON@relay.example",
      "Subject: Undelivered Mail Returned to Sender",
      `Message-ID: <${newId("ct")}@relay.example>`,
      "MIME-Version: 1.0",
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      "",
      "--b",
      "Content-Type: text/plain",
      "",
      "The mail could not be delivered.",
      "--b",
      "Content-Type: message/delivery-status",
      "",
      "Reporting-MTA: dns; relay.example",
      "",
      "Final-Recipient: rfc822; sam@customer.example",
      `Action: ${action}`,
      `Status: ${status}`,
      "--b--",
    ].join("\r\n");

  async function inquiryWithMail() {
    const { email, from } = newCustomer();
    await send(plainMail("First", [from]));
    const [inquiry] = await casesOf(email);
    const [{ mail }] = await released(inquiry.id);
    return { id: inquiry.id as string, bouncesTo: mail.bouncesTo as string };
  }

  test("with a permanent status makes its message fail", async () => {
    const { id, bouncesTo } = await inquiryWithMail();
    expect(await send(report("failed", "5.1.1"), bouncesTo, "")).toMatch(/^250/);
    expect(await messagesOf(id)).toMatchObject([{ state: "failed", reason: expect.stringContaining("5.1.1") }]);
    expect(await send(report("failed", "5.1.1"), bouncesTo, "")).toMatch(/^250/);
    expect((await contactsOf(id)).length).toBe(1);
  });

  test("that reports a delay has no effect", async () => {
    const { id, bouncesTo } = await inquiryWithMail();
    expect(await send(report("delayed", "4.4.1"), bouncesTo, "")).toMatch(/^250/);
    expect(await messagesOf(id)).toMatchObject([{ state: "released" }]);
  });

  test("without a report is known by its empty sender at the bounce address; a vacation reply there is a contact", async () => {
    const { id, bouncesTo } = await inquiryWithMail();
    const away = plainMail("I am away.", ["From: Sam <sam@customer.example>", "Auto-Submitted: auto-replied"]);
    expect(await send(away, bouncesTo, "")).toMatch(/^250/);
    expect(await messagesOf(id)).toMatchObject([{ state: "released" }]);
    expect((await contactsOf(id)).at(-1)).toMatchObject({ content: "auto-reply" });
    expect(
      await send(plainMail("Sorry it didn't work out.", ["From: Relay <relay@relay.example>"]), bouncesTo, ""),
    ).toMatch(/^250/);
    expect(await messagesOf(id)).toMatchObject([{ state: "failed" }]);
  });

  test("with a forged token is refused", async () => {
    const { bouncesTo } = await inquiryWithMail();
    const forged = bouncesTo.replace(/.@/, (end) => (end === "0@" ? "1@" : "0@"));
    expect(await send(report("failed", "5.1.1"), forged, "")).toMatch(/^550 5\.1\.1/);
  });
});

describe("an automatic mail", () => {
  test("opens no inquiry, and is a contact without an effect on the case that it names", async () => {
    const { email, from } = newCustomer();
    expect(await send(plainMail("I am away.", [from, "Auto-Submitted: auto-replied"]))).toMatch(/^250/);
    expect(await casesOf(email)).toEqual([]);
    await send(plainMail("First", [from]));
    const [inquiry] = await casesOf(email);
    const [{ mail }] = await released(inquiry.id);
    await send(plainMail("I am away.", [from, "Auto-Submitted: auto-replied"]), mail.replyTo);
    expect((await contactsOf(inquiry.id)).map(({ content }) => content)).toEqual(["inquiry", "auto-reply"]);
    expect((await casesOf(email))[0].inquiry.attempts).toBe(1);
    expect((await messagesOf(inquiry.id)).length).toBe(1);
  });

  test("a responder without a sign that answers each mail ends after one mail of ours", async () => {
    const { email, from } = newCustomer();
    let answered = 0;
    await send(plainMail("First", [from]));
    const [inquiry] = await casesOf(email);
    for (let round = 0; round < 5; round++) {
      const mails = await released(inquiry.id);
      for (const { mail } of mails.slice(answered)) {
        answered++;
        // The responder answers to both addresses of each mail: to the reply address, and to the mailbox of the carrier.
        await send(plainMail("Thank you for your mail!", [from, "Subject: Thanks"]), mail.replyTo);
        await send(plainMail("Thank you for your mail!", [from, "Subject: Thanks"]));
      }
    }
    expect(answered).toBe(1);
    expect((await casesOf(email)).length).toBe(1);
    expect((await messagesOf(inquiry.id)).length).toBe(1);
  });
});

describe("a stepped timeline", () => {
  test("receives mail at its own address, only of its carrier", async () => {
    const start = "2026-03-02T09:00:00Z";
    const { id: timeline } = (await world.northtel.post("/v1/timelines", { kind: "stepped", start })).body;
    const { email, from } = newCustomer();
    expect(await send(plainMail("On my timeline", [from]), `northtel+${timeline}@${mailDomain}`)).toMatch(/^250/);
    const [inquiry] = await casesOf(email);
    expect(inquiry).toMatchObject({ timeline, kind: "inquiry", openedAt: start });
    expect(await send(plainMail("Not mine", [from]), `lumen+${timeline}@${mailDomain}`)).toMatch(/^550 5\.1\.1/);
  });
});

describe("the SMTP receiver", () => {
  test("refuses unknown mailboxes and foreign domains", async () => {
    for (const address of [
      `nobody@${mailDomain}`,
      `orchard@${mailDomain}`,
      `northtel+${newId("stp")}@${mailDomain}`,
      `r-${"0".repeat(42)}@${mailDomain}`,
    ])
      expect(await send(plainMail("x"), address)).toMatch(/^550 5\.1\.1/);
    expect(await send(plainMail("x"), "someone@elsewhere.example")).toMatch(/^550 5\.7\.1/);
    expect(await send(plainMail("x"), `"northtel@elsewhere.example"@${mailDomain}`)).toMatch(/^5/);
    expect(await send(plainMail("x"), `northtel%elsewhere.example@${mailDomain}`)).toMatch(/^550/);
  });

  test("reads dots at the beginning of a row, and pipelined commands", async () => {
    const { email, from } = newCustomer();
    await send(plainMail(".one\r\n..two\r\n.", [from]));
    const [inquiry] = await casesOf(email);
    expect((await entriesOf(inquiry.id))[0].text).toBe(".one\n..two\n.");
    const session = await openSmtp(world.port);
    const other = newCustomer();
    await session.command("EHLO client.example");
    session.write(`MAIL FROM:<a@b.example>\r\nRCPT TO:<${northtelMailbox}>\r\nDATA\r\n`);
    expect(await session.reply()).toMatch(/^250/);
    expect(await session.reply()).toMatch(/^250/);
    expect(await session.reply()).toMatch(/^354/);
    session.write(`${plainMail("Pipelined", [other.from])}\r\n.\r\n`);
    expect(await session.reply()).toMatch(/^250/);
    session.destroy();
    expect((await casesOf(other.email)).length).toBe(1);
  });

  test("refuses a mail above the size limit, whether the client announces the size or not", async () => {
    const session = await openSmtp(world.port);
    expect(await session.command("EHLO client.example")).toContain("SIZE 2000000");
    expect(await session.command("MAIL FROM:<a@b.example> SIZE=2000001")).toMatch(/^552/);
    session.destroy();
    expect(await send(plainMail("x".repeat(70).concat("\r\n").repeat(30_000)))).toMatch(/^552/);
  });

  test("counts a mail to two mailboxes of one carrier once; the reply token decides", async () => {
    const { email, from } = newCustomer();
    await send(plainMail("First", [from]));
    const [inquiry] = await casesOf(email);
    const [{ mail }] = await released(inquiry.id);
    await send(plainMail("Second", [from]), [northtelMailbox, mail.replyTo]);
    expect((await casesOf(email)).length).toBe(1);
    expect((await contactsOf(inquiry.id)).length).toBe(2);
  });

  test("a connection that breaks within DATA stores nothing, and the retry adds exactly one attempt", async () => {
    const { email, from } = newCustomer();
    const raw = plainMail("Broken off", [from]);
    const session = await openSmtp(world.port);
    for (const command of ["EHLO client.example", "MAIL FROM:<a@b.example>", `RCPT TO:<${northtelMailbox}>`, "DATA"])
      await session.command(command);
    session.write(raw.slice(0, -5));
    session.destroy();
    await session.closed;
    expect(await casesOf(email)).toEqual([]);
    expect(await send(raw)).toMatch(/^250/);
    expect((await casesOf(email))[0].inquiry.attempts).toBe(1);
  });
});

test("a failed commit makes the sender retry, and the retry adds exactly one attempt", async () => {
  const { email, from } = newCustomer();
  const raw = plainMail("Not stored at first", [from]);
  await world.database.query({ text: "alter table inbound_mail rename to hidden_mail" });
  try {
    expect(await send(raw)).toMatch(/^451 4\.3/);
  } finally {
    await world.database.query({ text: "alter table hidden_mail rename to inbound_mail" });
  }
  expect(await casesOf(email)).toEqual([]);
  expect(await send(raw)).toMatch(/^250/);
  expect((await casesOf(email))[0].inquiry.attempts).toBe(1);
});

test("a restart keeps the tokens of the mail addresses", async () => {
  const { email, from } = newCustomer();
  await send(plainMail("First", [from]));
  const [inquiry] = await casesOf(email);
  const [{ mail }] = await released(inquiry.id);
  await world.restart();
  expect(await send(plainMail("Second", [from]), mail.replyTo)).toMatch(/^250/);
  expect((await contactsOf(inquiry.id)).length).toBe(2);
  expect(world.events.some(({ topic }) => topic === topics.case)).toBe(true);
});
