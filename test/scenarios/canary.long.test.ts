import { once } from "node:events";
import { type AddressInfo, type Server, type Socket, connect, createServer } from "node:net";
import { buffer } from "node:stream/consumers";
import { waitFor } from "@crossline/testing";
import { createTransport } from "nodemailer";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Stage, openStage } from "./stage.ts";

/*
 * A stopped inbox is noticed (story 4). Canaries send inquiries through both doors of the real services. The mail server of this test
 * takes the mails of notification and passes those of the inbound domain to intake. A TCP proxy is the public address of the inbox.
 */

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });
const long = { timeoutMs: 100_000, pollMs: 200 };
const domain = "mail.crossline.example";
const settings = ["SMTP_URL", "SMTP_PORT", "INBOUND_MAIL_DOMAIN", "CANARY_SMTP_URL"] as const;
const before = { ...process.env };
const plan = { line: "sales", every: "PT1M", within: "PT20S" };

let stage: Stage;
let carrier: Awaited<ReturnType<Stage["party"]>>;
let mailServer: SMTPServer;
let inbox: Server;
let inboxPort: number;
let receiverPort: number;
let losesMails = false;
const passed: string[] = [];
const connections = new Set<Socket>();

beforeAll(async () => {
  receiverPort = await freePort();
  inbox = createInbox();
  inboxPort = await listen(inbox);
  mailServer = createMailServer();
  const { port } = await opened(mailServer.listen(0, "127.0.0.1"));
  Object.assign(process.env, {
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    SMTP_PORT: String(receiverPort),
    INBOUND_MAIL_DOMAIN: domain,
    CANARY_SMTP_URL: `smtp://127.0.0.1:${inboxPort}`,
  });
  stage = await openStage();
  carrier = await stage.party("northtel", "carrier");
  const clocks = [{ kind: "first-response", target: "PT4H", warnAt: [] }];
  const own = { mode: "observe", calendar: "24x7", crossing: [], lastResort: [] };
  await waitFor(() => carrier.client.post("/v1/lines", { ...own, line: "sales", clocks }), long);
});
afterAll(async () => {
  await stage?.close();
  for (const name of settings) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  await closeInbox();
  await new Promise<void>((resolve) => mailServer.close(() => resolve()));
});

/** Passes bytes between a customer's mail server and the SMTP port of intake. */
function createInbox(): Server {
  return createServer((customer) => {
    const receiver = connect(receiverPort, "127.0.0.1");
    for (const socket of [customer, receiver]) {
      connections.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => connections.delete(socket));
    }
    customer.pipe(receiver).pipe(customer);
  });
}
/** Passes every mail of the inbound domain on, as the mail server of a company does, unless it loses mails. */
function createMailServer(): SMTPServer {
  return new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    onData: (stream, { envelope }, callback) => {
      void (async () => {
        const raw = await buffer(stream);
        const to = envelope.rcptTo.map(({ address }) => address);
        callback();
        if (losesMails || !to.every((one) => one.endsWith(`@${domain}`))) return;
        passed.push(...to);
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        const toIntake = createTransport({ host: "127.0.0.1", port: receiverPort, ignoreTLS: true });
        await toIntake.sendMail({ envelope: { from, to }, raw });
      })();
    },
  });
}
async function opened(server: { once: Server["once"]; address: Server["address"] }): Promise<AddressInfo> {
  await once(server as Server, "listening");
  return server.address() as AddressInfo;
}
async function listen(server: Server): Promise<number> {
  return (await opened(server.listen(0, "127.0.0.1"))).port;
}
async function closeInbox(): Promise<void> {
  for (const socket of connections) socket.destroy();
  if (inbox.listening) await new Promise((resolve) => inbox.close(resolve));
}
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

type Result = { readonly outcome: string; readonly stage?: string; readonly fault?: string; readonly caseId?: string };
type Canaries = { readonly items: readonly { readonly channel: "web" | "mail"; readonly last?: Result }[] };
type Case = { readonly id: string; readonly status: string; readonly channel: string; readonly canary?: object };

async function put(canaries: readonly object[]): Promise<void> {
  const headers = { authorization: `Bearer ${carrier.key}`, "content-type": "application/json" };
  const request = { method: "PUT", headers, body: JSON.stringify({ canaries }) };
  const response = await fetch(`${stage.url}/v1/canaries`, request);
  if (!response.ok) throw new Error(await response.text());
}
/** Removes the canaries and sets them again, so that a run of each door is due at once. Returns the results of these runs. */
async function runBoth(): Promise<Readonly<Record<"web" | "mail", Result>>> {
  await put([]);
  await waitFor(
    async () => (
      await put([
        { ...plan, channel: "web" },
        { ...plan, channel: "mail" },
      ]),
      true
    ),
    long,
  );
  return waitFor(async () => {
    const { items } = await carrier.client.get<Canaries>("/v1/canaries");
    const [web, mail] = (["web", "mail"] as const).map((door) => items.find(({ channel }) => channel === door)?.last);
    return web === undefined || mail === undefined ? undefined : { web, mail };
  }, long);
}
async function missed(door: "rest" | "mail"): Promise<number> {
  const headers = { authorization: `Bearer ${stage.internalKey}` };
  const text = await (await fetch(`${stage.addresses.intake}/metrics`, { headers })).text();
  const row = text.split("\n").find((one) => one.startsWith(`crossline_canary_missed_total{door="${door}"`));
  return Number(row?.split(" ").at(-1));
}
const casesOfCanaries = async () =>
  (await carrier.client.get<{ items: Case[] }>("/v1/cases?canary=true&limit=100")).items;

test("a canary of each door is acknowledged, the mail after its way through all services", async () => {
  const { web, mail } = await runBoth();
  expect(web).toMatchObject({ outcome: "acknowledged" });
  expect(mail).toMatchObject({ outcome: "acknowledged" });
  expect(passed).toEqual([expect.stringMatching(/^c-/)]);
  expect(await casesOfCanaries()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: web.caseId, status: "closed", canary: expect.objectContaining({ door: "rest" }) }),
      expect.objectContaining({ id: mail.caseId, status: "closed", canary: expect.objectContaining({ door: "mail" }) }),
    ]),
  );
  expect((await carrier.client.get<{ items: Case[] }>("/v1/cases")).items).toEqual([]);
  expect(await missed("rest")).toBe(0);
  expect(await missed("mail")).toBe(0);
});

test("⚠ a mail server that loses the acknowledgement is noticed at the mail door, and its case is closed", async () => {
  losesMails = true;
  const { web, mail } = await runBoth();
  losesMails = false;
  expect(web).toMatchObject({ outcome: "acknowledged" });
  expect(mail).toMatchObject({ outcome: "missed", stage: "acknowledge", fault: "not-acknowledged" });
  await waitFor(async () => (await missed("mail")) === 1, long);
  expect(await missed("rest")).toBe(0);
  await waitFor(async () => (await casesOfCanaries()).every(({ status }) => status === "closed"), long);
});

test("⚠ a stopped inbox is noticed at the mail door, although the REST door works", async () => {
  await closeInbox();
  const { web, mail } = await runBoth();
  expect(web).toMatchObject({ outcome: "acknowledged" });
  expect(mail).toMatchObject({ outcome: "missed", stage: "send", fault: "unreachable" });
  await waitFor(async () => (await missed("mail")) === 2, long);
  expect(await missed("rest")).toBe(0);
});

test("an inbox that works again is acknowledged again", async () => {
  inbox = createInbox();
  await opened(inbox.listen(inboxPort, "127.0.0.1"));
  expect((await runBoth()).mail).toMatchObject({ outcome: "acknowledged" });
  expect(await missed("mail")).toBe(2);
});

test("⚠ a stopped mail server of notification is noticed at the stage `acknowledge`", async () => {
  await new Promise<void>((resolve) => mailServer.close(() => resolve()));
  const { web, mail } = await runBoth();
  expect(web).toMatchObject({ outcome: "acknowledged" });
  expect(mail).toMatchObject({ outcome: "missed", stage: "acknowledge", fault: "not-acknowledged" });
  await waitFor(async () => (await missed("mail")) === 3, long);
});
