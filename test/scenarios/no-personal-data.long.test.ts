import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect as dial } from "node:net";
import type { LineDocument } from "@crossline/contracts";
import { type Client, createClient, serviceNames } from "@crossline/cli";
import { connect } from "@crossline/postgres";
import { createLogger } from "@crossline/service";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OtlpReceiver, startOtlpReceiver } from "./otlp-receiver.ts";
import { leaksIn, planted, plantedHeaders, subject, text } from "./planted.ts";
import { type Stage, openStage } from "./stage.ts";
import { instant } from "./story.ts";

/*
 * Writes a phone number, a mail address, an IMEI and names in every place that a client can fill. The test plays a whole
 * crossing, and also refusals, faults, parked cases, dead letters and failing webhooks. No log message (of any level), metric or
 * span may contain these values.
 */

const lines: string[] = [];
const received: string[] = [];
let otlp: OtlpReceiver;
let stage: Stage;
let webhooks: ReturnType<typeof createServer>;
let receiver = "";

beforeAll(async () => {
  otlp = await startOtlpReceiver();
  webhooks = createServer((request, response) => {
    request.on("data", (chunk: Buffer) => received.push(chunk.toString()));
    response.writeHead(request.url?.startsWith("/well") === true ? 204 : 500).end(text);
  }).listen(0, "127.0.0.1");
  await once(webhooks, "listening");
  receiver = `http://127.0.0.1:${(webhooks.address() as AddressInfo).port}`;
  const log = createLogger("scenario", "trace", { write: (line) => void lines.push(line) });
  stage = await openStage({ otlpEndpoint: otlp.endpoint, log, insight: true, console: true });
});
afterAll(async () => {
  await stage?.close();
  webhooks?.close();
  await otlp?.close();
});

const handheld = (vendor: string): LineDocument => ({
  line: planted.slug,
  mode: "cross",
  calendar: "24x7",
  clocks: [{ kind: "stall.idle", target: "PT2H", warnAt: [50] }],
  crossing: [{ to: `queue:${vendor}.handheld`, mode: "live-assist", acceptWithin: "PT90S", repeat: 1 }],
  lastResort: [`https://${planted.slug}.example/call?phone=${planted.phoneDigits}`, `roster:${vendor}.duty`],
});

const duty = {
  roster: "duty",
  people: [
    {
      id: planted.slug,
      name: planted.engineer.name,
      mail: planted.engineer.contact,
      url: `https://${planted.slug}.example/page?phone=${planted.phoneDigits}`,
    },
  ],
  rotation: [{ turn: "daily", handover: "09:00", zone: "America/Toronto", start: "2026-01-01", order: [planted.slug] }],
};

/** Sends a request and accepts any response. */
async function send(key: string, request: string, body?: string, headers: Record<string, string> = {}) {
  const [method = "", path = ""] = request.split(" ");
  const response = await fetch(new URL(path, stage.url), {
    method,
    headers: {
      ...plantedHeaders,
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      "idempotency-key": `${planted.slug}-${crypto.randomUUID()}`,
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
  await response.text();
  return response.status;
}

/** Sends bytes that are not a valid HTTP request, and an address that no client sends. */
async function dialRaw(bytes: string): Promise<void> {
  const socket = dial(Number(new URL(stage.url).port), "127.0.0.1");
  socket.on("error", () => {}).resume();
  socket.end(bytes);
  await once(socket, "close");
}

/** A contact about a device that has no case. */
const autoReply = {
  title: text.slice(0, 200),
  channel: "mail",
  content: "auto-reply",
  subject: { name: planted.customer, customerId: `other ${planted.customer}` },
};

/** Sends every kind of wrong request, all with personal data. */
async function refusals(key: string, caseId: string): Promise<number[]> {
  const bad = JSON.stringify({ [planted.slug]: text, title: text, subject: { ...subject, [planted.imei]: text } });
  const named = encodeURIComponent(planted.customer);
  const requests = [
    send(key, "POST /v1/cases", bad),
    send(key, "POST /v1/cases", `{"title": ${text}}`),
    send(key, "POST /v1/cases", `"${planted.customer}\\u0000"`),
    send(key, "POST /v1/cases", bad, { "content-type": planted.slug }),
    send(key, "POST /v1/cases", bad, { "idempotency-key": planted.customer.repeat(40) }),
    send(key, "POST /v1/cases", JSON.stringify({ title: text.repeat(12_000) })),
    send(planted.slug, "POST /v1/cases", bad),
    send(`${planted.phone} ${planted.customer}`, "GET /v1/cases"),
    send(key, `GET /v1/cases/${named}`),
    send(key, `GET /v1/cases?carrierCaseId=${named}&${planted.slug}=${planted.imei}`),
    send(key, `GET /v1/cases?cursor=${named}&status=${planted.slug}`),
    send(key, `GET /v1/cases/${named}%00`),
    send(key, `GET /v1/${planted.slug}/${planted.phoneDigits}`),
    send(key, `DELETE /v1/cases/${planted.imei}`),
    send(key, `POST /v1/cases/${caseId}/handlings/${planted.slug}/heartbeat`, "{}"),
    send(key, `POST /v1/cases/${caseId}/entries`, JSON.stringify({ kind: planted.slug, text })),
    send(key, `POST /v1/cases/${caseId}/corrections`, JSON.stringify({ reason: text, subject: { imei: text } })),
    send(key, `POST /v1/cases/${caseId}/corrections`, JSON.stringify({ reason: text, [planted.slug]: text })),
    send(key, `POST /v1/cases/${caseId}/contacts`, JSON.stringify({ channel: "mail", content: planted.slug, subject })),
    send(key, "POST /v1/contacts", JSON.stringify({ ...autoReply, carrierCaseId: planted.customer })),
    send(key, "POST /v1/contacts", JSON.stringify({ ...autoReply, subject: { email: `<${planted.mail}>` } })),
    send(key, "POST /v1/contacts", JSON.stringify({ ...autoReply, subject: { msisdn: planted.phone.slice(3, 9) } })),
    send(key, `PUT /v1/parties/${planted.slug}/country`, JSON.stringify({ country: planted.phone })),
    send(key, `GET /v1/queues/${planted.slug}.${planted.slug}/handoffs/${named}`),
    send(key, "POST /v1/lines", JSON.stringify({ line: planted.customer, lastResort: [text], [planted.imei]: 1 })),
    send(key, "POST /v1/rosters", JSON.stringify({ ...duty, roster: planted.customer, [planted.imei]: text })),
    send(key, `POST /v1/rosters/${planted.slug}/swaps`, JSON.stringify({ between: [text, planted.imei] })),
    send(key, `GET /v1/lines/${planted.slug}?carrier=${planted.slug}`),
    send(key, "POST /v1/subscriptions", JSON.stringify({ url: `not a url of ${text}`, events: [planted.slug] })),
    send(key, `GET /v1/subscriptions/${named}`),
    send(key, `GET /v1/deliveries?subscription=${named}&case=${named}`),
    send(key, `POST /v1/timelines/${planted.slug}/import?line=${planted.slug}`, text),
    send(key, `GET /internal/parked/${planted.slug}`),
    send(stage.internalKey, `POST /internal/parked/${planted.slug}/replay`),
  ];
  const statuses = await Promise.all(requests);
  await dialRaw(`${planted.customer} /v1/${planted.phone} HTTP/9\r\n${planted.imei}\r\n\r\n`);
  await dialRaw(`GET /v1/cases/%${planted.customer} HTTP/1.1\r\nhost: ${planted.slug}\r\n\r\n`);
  return statuses;
}

/**
 * Makes Postgres reject some new rows of intake's entries and of notification's deliveries. The error messages of
 * Postgres contain the rejected values.
 */
async function breakStatements(): Promise<void> {
  const database = connect({ url: stage.databaseUrl, schema: "public", applicationName: "faults", onError: () => {} });
  for (const [table, column, mark] of [
    ["intake.entry", "text", "BREAKS"],
    ["notification.delivery", "payload", "PARKS"],
    ["timer.case_clock", "carrier", "never"],
  ]) {
    const name = `public.choke_${mark?.toLowerCase()}`;
    await database.query({
      text: `create function ${name}() returns trigger language plpgsql as
        $$ begin if new.${column} like '%${mark}%' then perform new.${column}::integer; end if; return new; end $$`,
    });
    await database.query({
      text: `create trigger choke before insert on ${table} for each row execute function ${name}()`,
    });
  }
  await database.close();
}

/** Sends records that a stranger with access to Kafka could write: nonsense, wrong data, and an unknown key. */
async function strangeRecords(): Promise<void> {
  const topic = "crossline.case.v1";
  const headers = {
    ce_specversion: "1.0",
    ce_id: planted.slug,
    ce_source: `/${planted.slug}`,
    ce_type: "crossline.entry.added.v1",
    ce_time: instant("09:00"),
    ce_sequence: "7",
    ce_timeline: "wall",
    ce_traceparent: planted.slug,
  };
  const step = { name: "x", parameters: { [planted.customer]: 1 }, outcome: planted.slug };
  const actor = { party: "northtel", automated: false };
  const contacted = { channel: "phone", direction: "inbound", content: "inquiry", subject, actor };
  await stage.send([
    { topic, key: planted.customer, headers: { [planted.slug]: text }, value: text },
    { topic, key: planted.phoneDigits, headers, value: text },
    { topic, key: planted.imei, headers, value: JSON.stringify({ step, [planted.customer]: text }) },
    {
      topic,
      key: planted.slug,
      headers: { ...headers, ce_type: "crossline.case.contacted.v1" },
      value: JSON.stringify({ contactId: planted.slug, ...contacted }),
    },
  ]);
}

/** Plays a whole escalation with personal data in every field. */
async function escalate(carrierKey: string, vendor: Client, vendorName: string) {
  const carrier = createClient(stage.url, carrierKey, plantedHeaders);
  await waitFor(() => vendor.post("/v1/rosters", duty), { timeoutMs: 5_000 });
  await waitFor(() => carrier.post("/v1/lines", handheld(vendorName)), { timeoutMs: 5_000 });
  const { id: timeline } = await carrier.post<{ id: string }>("/v1/timelines", {
    kind: "stepped",
    start: instant("09:00"),
  });
  for (const url of [
    `${receiver}/well?customer=${planted.slug}`,
    `${receiver}/ill/${planted.phoneDigits}`,
    `http://127.0.0.1:1/${planted.imei}`,
    `http://${planted.slug}.invalid/`,
  ]) {
    await carrier.post("/v1/subscriptions", { url, timeline, description: text.slice(0, 200) });
  }
  const open = (carrierCaseId: string) =>
    carrier.post<{ id: string }>("/v1/cases", {
      carrierCaseId,
      timeline,
      line: planted.slug,
      kind: planted.slug,
      title: text,
      channel: "phone",
      device: { vendor: vendorName, model: planted.customer, os: planted.imei },
      symptom: planted.slug,
      subject,
      person: planted.slug,
    });
  const { id } = await open(`${planted.customer} ${planted.phone}`);
  const write = (of: string, entry: object) =>
    carrier.post(`/v1/cases/${of}/entries`, { person: planted.slug, ...entry });
  await carrier.post(`/v1/cases/${id}/contacts`, { channel: "phone", subject, person: planted.slug });
  await write(id, { kind: "note", text, subject });
  const { imei } = subject;
  const corrected = { title: text, device: { model: planted.customer, os: planted.imei }, symptom: planted.slug };
  await carrier.post(`/v1/cases/${id}/corrections`, {
    reason: text,
    ...corrected,
    subject: { imei },
    person: planted.slug,
  });
  const step = { name: planted.slug, parameters: { [planted.customer]: planted.imei }, outcome: "failed" };
  await write(id, { kind: "step-tried", step });
  await write(id, { kind: "fact", fact: { name: planted.slug, value: text } });
  const { id: parking } = await open(`PARKS ${planted.imei}`);
  await write(parking, { kind: "note", text: `PARKS ${text}` });
  const advance = (to: string) => carrier.post(`/v1/timelines/${timeline}/advance`, { to: instant(to) });
  await advance("11:01");

  const queue = `/v1/queues/${vendorName}.handheld/handoffs`;
  const { items } = await vendor.get<{ items: { handoffId: string; caseId: string }[] }>(
    `${queue}?timeline=${timeline}`,
  );
  const handoffId = items.find(({ caseId }) => caseId === id)?.handoffId ?? "";
  const claim = await vendor.post<{ token: number; brief: { case: { version: number } } }>(
    `${queue}/${handoffId}/claim`,
    { person: planted.slug },
  );
  await vendor.post(`${queue}/${handoffId}/accept`, {
    token: claim.token,
    person: planted.slug,
    engineer: planted.engineer,
    vendorCaseId: planted.imei,
    nextStep: text,
    eta: instant("23:00"),
    readBack: { problem: text, tried: text },
    dossierVersion: claim.brief.case.version,
  });
  await vendor.post(`${queue}/${handoffId}/resolve`, { token: claim.token, fixCode: planted.slug, note: text });
  await advance("11:30"); // The offers of the case `parking` lapse, and routing calls its last resort.
  await carrier.post(`/v1/cases/${parking}/take`, { engineer: planted.engineer, person: planted.slug });
  return { id, write };
}

/** Acts as the customer by a link, also with wrong requests. Returns the token of the link. */
async function actAsCustomer({ client }: { readonly client: Client }, caseId: string): Promise<string> {
  const { path } = await client.post<{ path: string }>(`/v1/cases/${caseId}/customer-links`);
  const token = path.slice("/track#".length);
  const contacts = "POST /v1/customer-view/contacts";
  expect(await send(token, contacts, JSON.stringify({ act: "add", text }))).toBe(201);
  expect(await send(token, "GET /v1/customer-view")).toBe(200);
  expect(await send(token, contacts, JSON.stringify({ act: planted.slug, text }))).toBe(400);
  expect(await send(token, contacts, JSON.stringify({ act: "add", [planted.slug]: text }))).toBe(400);
  expect(await send(`${token}${planted.slug}`, contacts, JSON.stringify({ act: "add", text }))).toBe(401);
  return token;
}

const countMessages = (message: string): number => lines.filter((line) => line.includes(`"msg":"${message}"`)).length;

test("logs, metrics and spans contain no text of clients", async () => {
  await breakStatements();
  const carrier = await stage.party("northtel", "carrier");
  const orchard = await stage.party("orchard", "vendor");
  const vendor = createClient(stage.url, orchard.key, plantedHeaders);
  const { id, write } = await escalate(carrier.key, vendor, orchard.party);
  const token = await actAsCustomer(carrier, id);
  const statuses = await refusals(carrier.key, id);
  expect(statuses.filter((status) => status < 400)).toEqual([]);
  await expect(write(id, { kind: "note", text: `BREAKS ${text}` })).rejects.toThrow("500");
  await strangeRecords();

  // If the log did not contain these messages, the absence of personal data would prove nothing.
  for (const message of [
    "refused",
    "a request failed",
    "a record could not be applied; its case is parked until a retry",
    "records that cannot be parsed became dead letters",
    "sequences of a key are missing",
  ]) {
    await waitFor(() => countMessages(message) > 0, { timeoutMs: 20_000, what: message });
  }
  await waitFor(() => received.length > 5, { timeoutMs: 20_000, what: "successful and failed webhooks" });
  // Webhooks may contain the data, which shows that the data passed through the services.
  expect(leaksIn(received).length).toBeGreaterThan(0);

  const metrics = await Promise.all(
    serviceNames.map(async (name) => {
      const headers = { authorization: `Bearer ${stage.internalKey}` };
      return (await fetch(`${stage.addresses[name]}/metrics`, { headers })).text();
    }),
  );
  expect(metrics.join("")).toMatch(/crossline_delivery_attempts_total\{answer="5xx"[^}]*\} [1-9]/);
  await stage.close(); // Sends the remaining spans and writes the last log messages.
  expect(otlp.spans.length).toBeGreaterThan(50);
  expect(leaksIn(lines)).toEqual([]);
  expect(lines.filter((line) => line.includes(token))).toEqual([]);
  expect(leaksIn(metrics.flatMap((of) => of.split("\n")))).toEqual([]);
  expect(leaksIn(otlp.spans.map((span) => JSON.stringify(span)))).toEqual([]);
}, 120_000);
