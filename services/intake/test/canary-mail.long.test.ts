import { canaryAddress } from "@crossline/domain";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type MailWorld, createMailWorld, mailDomain, plainMail, sendMail } from "./mail-world.ts";
import { createWorld, internalKey, waitFor } from "./world.ts";

/*
 * The canaries of the mail door, with real mails over intake's SMTP port. A stand-in for notification sends the released
 * acknowledgements, because notification runs in another process.
 */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const patient = { timeoutMs: 40_000, pollMs: 50 };
const mail = { line: "sales", channel: "mail", every: "PT1M", within: "PT10S" };
const clocks = [{ kind: "first-response" as const, target: "PT4H", warnAt: [] }];

let world: MailWorld;
let stopAcknowledging: () => void;
let acknowledges = true;
beforeAll(async () => {
  world = await createMailWorld();
  stopAcknowledging = acknowledge();
  await world.lineWith("sales", { clocks });
  await waitFor(async () => (await world.database.query({ text: "select from line" })).length === 1, patient);
});
afterAll(async () => {
  stopAcknowledging();
  await world.stop();
});
beforeEach(async () => {
  acknowledges = true;
  await set();
  world.standIns.timer.clocks = [{ kind: "first-response", state: "running" }];
});

const set = (...canaries: object[]) =>
  world.northtel.send("PUT", "/v1/canaries", {
    body: JSON.stringify({ canaries }),
    headers: { "content-type": "application/json" },
  });
const list = async (): Promise<any[]> => (await world.northtel.get("/v1/canaries")).body.items;
const result = (): Promise<any> => waitFor(async () => (await list())[0]?.last, patient);
const canaryCases = async (): Promise<any[]> => (await world.northtel.get("/v1/cases?canary=true")).body.items;
const caseOf = async (caseId: string): Promise<any> => (await world.northtel.get(`/v1/cases/${caseId}`)).body;
async function metric(start: string): Promise<number> {
  const { body } = await world.client(internalKey).get("/metrics");
  const row = (body as string).split("\n").find((one) => one.startsWith(start));
  return Number(row?.split(" ").at(-1) ?? 0);
}
async function runId(): Promise<string> {
  const [row] = await world.database.query<{ runId: string }>({
    text: `select state->'run'->>'runId' as "runId" from canary where running`,
  });
  return row?.runId ?? "";
}
async function canaryMailbox(of: string): Promise<string> {
  const [row] = await world.database.query<{ secret: string }>({ text: "select secret from mail_secret" });
  return canaryAddress(of, { domain: mailDomain, secret: row?.secret ?? "" });
}

/** Sends each released acknowledgement once, as notification does: an automatic mail without an envelope sender. */
function acknowledge(): () => void {
  const sent = new Set<string>();
  const timer = setInterval(() => {
    for (const { type, data } of world.events) {
      const released = data as any;
      if (type !== "message.released" || !acknowledges || sent.has(released.messageId)) continue;
      sent.add(released.messageId);
      void sendMail(world.port, { to: released.subject.email, from: "", raw: acknowledgementOf(released) });
    }
  }, 20);
  return () => clearInterval(timer);
}
function acknowledgementOf({ mail: { subject, messageId, inReplyTo }, text }: any): string {
  return plainMail(text, [
    "From: Northtel <crossline@northtel.example>",
    `Subject: ${subject}`,
    `Message-ID: <${messageId}@northtel.example>`,
    `In-Reply-To: <${inReplyTo}>`,
    "Auto-Submitted: auto-replied",
  ]);
}

describe("a run through the mail door", () => {
  test("sends a mail, waits for the acknowledgement by mail, reads the case back and closes it", async () => {
    const counted = await metric('crossline_intake_mails_total{effect="canary"');
    expect(await set(mail)).toMatchObject({ status: 200 });
    expect(await result()).toMatchObject({ outcome: "acknowledged", caseId: expect.stringMatching(/^cs_/) });
    const [canary] = await list();
    const opened = await caseOf(canary.last.caseId);
    expect(opened).toMatchObject({
      status: "closed",
      kind: "inquiry",
      channel: "mail",
      line: { name: "sales" },
      canary: { canaryId: canary.id, door: "mail" },
    });
    expect(opened.subject.email).toMatch(/^c-/);
    await waitFor(() => world.eventTypes(opened.id).includes("case.closed"), patient);
    expect(world.eventTypes(opened.id).filter((type) => type === "message.released")).toHaveLength(1);
    expect(await metric('crossline_intake_mails_total{effect="canary"')).toBe(counted + 2);
    expect(await metric('crossline_intake_mails_total{effect="opened"')).toBe(0);
    expect(await metric('crossline_canary_missed_total{door="mail"')).toBe(0);
  });

  test("is missed at the stage `acknowledge` if the acknowledgement does not come back, and its case is closed", async () => {
    acknowledges = false;
    const before = await metric('crossline_canary_missed_total{door="mail"');
    await set(mail);
    expect(await result()).toMatchObject({ outcome: "missed", stage: "acknowledge", fault: "not-acknowledged" });
    await waitFor(async () => (await metric('crossline_canary_missed_total{door="mail"')) === before + 1, patient);
    expect(await metric('crossline_canary_missed_total{door="rest"')).toBe(0);
    const [left] = await canaryCases();
    await waitFor(async () => (await caseOf(left.id)).status === "closed", patient);
    // The acknowledgement of a run that has ended has no effect, and is accepted, so that it does not bounce.
    const [{ last }] = await list();
    acknowledges = true;
    await waitFor(async () => (await metric('crossline_intake_mails_total{effect="dropped"')) > 0, patient);
    expect((await list())[0].last).toEqual(last);
  });

  test("is missed at the stage `read-back` if the clock does not run", async () => {
    world.standIns.timer.clocks = undefined;
    await set(mail);
    expect(await result()).toMatchObject({ outcome: "missed", stage: "read-back", caseId: expect.any(String) });
  });

  test("a repeated mail of a run opens one case", async () => {
    acknowledges = false;
    const before = (await canaryCases()).length;
    await set(mail);
    await waitFor(async () => (await canaryCases()).length === before + 1, patient);
    const id = await runId();
    // A process that died before it saved that the mail was sent leaves this state.
    await world.database.query({
      text: `update canary set lease = null, lease_until = null, step_at = now(),
        state = jsonb_set(state::jsonb, '{run,stage}', '"send"')::json where running`,
    });
    await waitFor(async () => (await list())[0].running?.stage === "acknowledge", patient);
    const address = await canaryMailbox(id);
    const raw = plainMail("Once more.", [`From: ${address}`, "Message-ID: <another@elsewhere.example>"]);
    expect(await sendMail(world.port, { to: `northtel@${mailDomain}`, from: address, raw })).toMatch(/^554/);
    acknowledges = true;
    expect(await result()).toMatchObject({ outcome: "acknowledged" });
    expect(await canaryCases()).toHaveLength(before + 1);
  });
});

describe("the mark", () => {
  test("cannot be forged: a sender with a wrong MAC opens an unmarked inquiry", async () => {
    acknowledges = false;
    await set(mail);
    const id = await waitFor(async () => (await runId()) || undefined, patient);
    const own = await canaryMailbox(id);
    const place = own.indexOf("@") - 1;
    const forged = own.slice(0, place) + (own[place] === "0" ? "1" : "0") + own.slice(place + 1);
    const raw = plainMail("Do you sell radios?", [`From: ${forged}`]);
    expect(await sendMail(world.port, { to: `northtel@${mailDomain}`, from: forged, raw })).toMatch(/^250/);
    const { items } = (await world.northtel.get("/v1/cases")).body;
    const opened = items.find(({ subject }: any) => subject?.email === forged);
    expect(opened).toMatchObject({ kind: "inquiry" });
    expect(opened).not.toHaveProperty("canary");
  });

  test("counts for one run and one carrier: a mail with the address of another run or to another carrier opens nothing", async () => {
    acknowledges = false;
    const before = (await canaryCases()).length;
    await set(mail);
    await waitFor(async () => (await canaryCases()).length === before + 1, patient);
    const running = await canaryMailbox(await runId());
    const unknown = await canaryMailbox("cnr_01jnrfj3n5q7s9v1x3z5b7d9f1");
    for (const [from, carrier] of [
      [running, "lumen"],
      [unknown, "northtel"],
    ] as const)
      expect(
        await sendMail(world.port, {
          to: `${carrier}@${mailDomain}`,
          from,
          raw: plainMail("Hello", [`From: ${from}`]),
        }),
      ).toMatch(/^250/);
    expect(await canaryCases()).toHaveLength(before + 1);
    expect((await world.lumen.get("/v1/cases?canary=any")).body.items).toEqual([]);
    expect(await sendMail(world.port, { to: unknown, raw: plainMail("Hello") })).toMatch(/^550/);
  });

  test("a mail to the mailbox of a run that does not name its case is no acknowledgement, and neither is a bounce", async () => {
    acknowledges = false;
    await set(mail);
    const id = await waitFor(async () => (await runId()) || undefined, patient);
    const to = await canaryMailbox(id);
    await waitFor(async () => (await list())[0].running?.stage === "acknowledge", patient);
    const inReplyTo = `In-Reply-To: <${id}@${mailDomain}>`;
    await sendMail(world.port, { to, from: "", raw: plainMail("Hello", ["Auto-Submitted: auto-replied"]) });
    const bounce = ["From: mailer-daemon@mx.example", "Subject: Undelivered Mail Returned to Sender", inReplyTo];
    await sendMail(world.port, { to, from: "", raw: plainMail("The mail could not be delivered.", bounce) });
    expect(await result()).toMatchObject({ outcome: "missed", stage: "acknowledge" });
  });
});

describe("an installation", () => {
  test.for([
    ["nothing listens at the public mail server", "smtp://127.0.0.1:9", "unreachable"],
    ["the public mail server relays no mail for the domain", undefined, "mail-refused"],
  ] as const)("misses a canary at the stage `send` if %s", async ([, url, fault]) => {
    const elsewhere = url ?? `smtp://127.0.0.1:${world.port}`;
    const other = await createMailWorld({ domain: "other.crossline.example" }, { canarySmtpUrl: elsewhere });
    try {
      await other.lineWith("sales", { clocks });
      const body = JSON.stringify({ canaries: [mail] });
      const headers = { "content-type": "application/json" };
      const put = () => other.northtel.send("PUT", "/v1/canaries", { body, headers });
      await waitFor(async () => (await put()).status === 200, patient);
      const last = await waitFor(async () => (await other.northtel.get("/v1/canaries")).body.items[0].last, patient);
      expect(last).toMatchObject({ outcome: "missed", stage: "send", fault });
    } finally {
      await other.stop();
    }
  });

  test("without a receiver refuses a canary of the mail door", async () => {
    const without = await createWorld();
    try {
      await without.lineWith("sales", { clocks });
      const body = JSON.stringify({ canaries: [mail] });
      const headers = { "content-type": "application/json" };
      const put = async () => (await without.northtel.send("PUT", "/v1/canaries", { body, headers })).body;
      await waitFor(async () => (await put()).code === "invalid_request", patient);
      expect(await put()).toMatchObject({ fields: [{ at: "/canaries/0/channel" }] });
    } finally {
      await without.stop();
    }
  });
});
