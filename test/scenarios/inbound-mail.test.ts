import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { buffer } from "node:stream/consumers";
import type { LineDocument } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { createTransport } from "nodemailer";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stage, openStage } from "./stage.ts";

/*
 * Mail in both directions with the real services. The customer's mail server of this test receives Crossline's mails. The same server
 * sends mails to the SMTP port of intake.
 */

type ReceivedMail = { readonly sender: string; readonly to: string; readonly mail: Email };

const domain = "mail.crossline.example";
const received: ReceivedMail[] = [];
const responder = "responder@customer.example";
let responses = 0;
let stage: Stage;
let customers: SMTPServer;
let carrier: Awaited<ReturnType<Stage["party"]>>;
let toCrossline: ReturnType<typeof createTransport>;
const before = { ...process.env };

beforeAll(async () => {
  customers = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    onData: (stream, { envelope }, callback) => {
      void (async () => {
        const mail = await PostalMime.parse(await buffer(stream));
        const to = envelope.rcptTo[0]?.address ?? "";
        const sender = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        received.push({ sender, to, mail });
        callback();
        if (to === responder) await respond(mail);
      })();
    },
  });
  const listening = customers.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as AddressInfo;
  const inbound = await freePort();
  Object.assign(process.env, {
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    SMTP_PORT: String(inbound),
    INBOUND_MAIL_DOMAIN: domain,
  });
  stage = await openStage({ inProcess: true });
  toCrossline = createTransport({ host: "127.0.0.1", port: inbound, ignoreTLS: true });
  carrier = await stage.party("northtel", "carrier");
  await waitFor(() => carrier.client.post("/v1/lines", inquiryLine), long);
});
afterAll(async () => {
  toCrossline?.close();
  await stage?.close();
  for (const name of ["SMTP_URL", "SMTP_PORT", "INBOUND_MAIL_DOMAIN"]) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  await new Promise<void>((resolve) => customers.close(() => resolve()));
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A broken responder: it answers every mail with a new mail that has no sign of a program and names no earlier mail. */
async function respond(mail: Email): Promise<void> {
  responses++;
  const [replyTo] = mail.replyTo ?? [];
  const to = replyTo?.address ?? mail.from?.address ?? "";
  await toCrossline.sendMail({
    from: responder,
    to,
    subject: `Your mail ${responses}`,
    text: "Thank you, we read every mail.",
  });
}

type Case = { readonly id: string; readonly inquiry?: { readonly attempts: number } };
type Message = { readonly id: string; readonly state: string };
const long = { timeoutMs: 60_000 };

const inquiryLine: LineDocument = {
  line: "inquiries",
  mode: "observe",
  match: 'case.kind == "inquiry"',
  calendar: "24x7",
  clocks: [{ kind: "first-response", target: "PT1H", warnAt: [] }],
  crossing: [],
  lastResort: [],
};

async function firstResponseOf(id: string): Promise<string> {
  type Clocks = { readonly clocks: readonly { readonly kind: string; readonly state: string }[] };
  const { clocks } = await carrier.client.get<Clocks>(`/v1/cases/${id}/clocks`);
  return clocks.find(({ kind }) => kind === "first-response")?.state ?? "met";
}

async function inquiryOf(email: string): Promise<Case | undefined> {
  const { items } = await carrier.client.get<{ items: (Case & { subject?: { email?: string } })[] }>(
    "/v1/cases?limit=100",
  );
  return items.find(({ subject }) => subject?.email === email);
}
const messagesOf = async (id: string) =>
  (await carrier.client.get<{ items: Message[] }>(`/v1/cases/${id}/messages`)).items;
const attemptsOf = async (id: string) => (await carrier.client.get<Case>(`/v1/cases/${id}`)).inquiry?.attempts;
/** Sends a customer's mail and waits for the inquiry and for the acknowledgement at the customer's server. */
async function write(email: string): Promise<{ id: string; acknowledgement: ReceivedMail }> {
  await waitFor(
    async () =>
      toCrossline.sendMail({
        from: `Customer <${email}>`,
        to: `${carrier.party}@${domain}`,
        subject: "A question",
        text: "Do you sell to shops?",
      }),
    long,
  );
  const acknowledgement = await waitFor(() => received.find(({ to }) => to === email), long);
  const inquiry = await inquiryOf(email);
  if (inquiry === undefined) throw new Error("the mail opened no inquiry");
  return { id: inquiry.id, acknowledgement };
}

test("⚠ two automatic responders exchange one mail of Crossline, even if the other has no sign of a program", async () => {
  const { id, acknowledgement } = await write(responder);
  expect(acknowledgement.sender).toBe("");
  expect(acknowledgement.mail.headers).toContainEqual(
    expect.objectContaining({ key: "auto-submitted", value: "auto-replied" }),
  );
  // The acknowledgement of the responder is in the case. Intake decides an acknowledgement in the same transaction as its mail.
  await waitFor(async () => (await attemptsOf(id)) === 2, long);
  expect(await messagesOf(id)).toHaveLength(1);
  expect(received.filter(({ to }) => to === responder)).toHaveLength(1);
  expect(responses).toBe(1);
});

test("an answer by mail meets the first response, the customer's reply joins the case, and a bounce makes the answer owed again", async () => {
  const email = "avery@customer.example";
  const { id } = await write(email);
  await waitFor(async () => (await firstResponseOf(id)) === "running", long);
  const answer = { text: "We sell to shops from ten devices on.", via: "mail", person: "rep-7" };
  const { id: messageId } = await carrier.client.post<Message>(`/v1/cases/${id}/messages`, answer);
  const sent = await waitFor(
    () => received.find(({ to, mail }) => to === email && mail.text?.includes(answer.text) === true),
    long,
  );
  const stateOf = async () => (await messagesOf(id)).find((message) => message.id === messageId)?.state;
  await waitFor(async () => (await stateOf()) === "sent", long);
  expect(sent.mail.messageId).toContain(messageId);
  expect(sent.sender).toMatch(/^b-[0-9a-z]{42}@mail\.crossline\.example$/);
  expect(sent.mail.replyTo?.[0]?.address).toMatch(/^r-[0-9a-z]{42}@mail\.crossline\.example$/);
  await waitFor(async () => (await firstResponseOf(id)) === "met", long);

  // The customer answers from another address, to the carrier's mailbox: only `In-Reply-To` names the case.
  await toCrossline.sendMail({
    from: "other@customer.example",
    to: `${carrier.party}@${domain}`,
    subject: "Re: A question",
    text: "Twelve, please.",
    inReplyTo: sent.mail.messageId ?? "",
  });
  expect(await attemptsOf(id)).toBe(2);

  const report =
    "Reporting-MTA: dns; mx.customer.example\r\n\r\nFinal-Recipient: rfc822; avery@customer.example\r\nAction: failed\r\nStatus: 5.2.1\r\n";
  const bounce = [
    "From: MAILER-DAEMON@mx.customer.example",
    `To: ${sent.sender}`,
    "Subject: Undelivered Mail Returned to Sender",
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="r"',
    "",
    "--r",
    "Content-Type: message/delivery-status",
    "",
    report,
    "--r--",
  ].join("\r\n");
  await toCrossline.sendMail({ envelope: { from: "", to: [sent.sender] }, raw: bounce });
  expect(await stateOf()).toBe("failed");
  await waitFor(async () => (await firstResponseOf(id)) !== "met", long);
});
