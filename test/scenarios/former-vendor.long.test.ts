import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stage, openStage } from "./stage.ts";
import { Story, instant } from "./story.ts";

/*
 * Ends a vendor's part in a case in every possible way. Then every address, list and webhook shows the vendor the case
 * as of the end of the vendor's part. The test runs the real services.
 */

let stage: Stage;
let receiver: Server;
let carrier: Awaited<ReturnType<Stage["party"]>>;
let orchard: typeof carrier;
let quill: typeof carrier;
const deliveredWebhooks: { readonly timeline: string; readonly body: string }[] = [];
const phone = "+14165550199";
beforeAll(async () => {
  stage = await openStage();
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      deliveredWebhooks.push({ timeline: (JSON.parse(body) as { timeline: string }).timeline, body });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((listening) => receiver.listen(0, "127.0.0.1", listening));
  carrier = await stage.party("northtel", "carrier");
  [orchard, quill] = [await stage.party("orchard", "vendor"), await stage.party("quill", "vendor")];
  const line = {
    line: "parts",
    calendar: "24x7",
    clocks: [{ kind: "stall.idle", target: "PT1H" }],
    crossing: [
      { to: `queue:${orchard.party}.desk`, acceptWithin: "PT10M" },
      { to: `queue:${quill.party}.desk`, acceptWithin: "PT10M" },
    ],
    lastResort: ["https://northtel.example/duty"],
  };
  await waitFor(() => carrier.client.post("/v1/lines", line), { timeoutMs: 10_000 });
});
afterAll(async () => {
  receiver?.close();
  await stage?.close();
});

type OfferedCase = { readonly story: Story; readonly handoffId: string };

/** Waits until every service has applied all published records. */
async function catchUp({ timeline }: Story): Promise<void> {
  const { mark } = await carrier.client.get<{ mark: string }>(`/v1/timelines/${timeline}`);
  await carrier.client.post(`/v1/timelines/${timeline}/advance`, { to: mark });
}

/** Subscribes Orchard to the timeline of a case that a person makes cross to Orchard at five past nine. */
async function offerCase(): Promise<OfferedCase> {
  const names = { carrierName: carrier.party, vendorName: orchard.party, carrierKey: carrier.key };
  const story = await Story.begin({ ...names, carrier: carrier.client, vendor: orchard.client }, "parts");
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  await orchard.client.post("/v1/subscriptions", { url, timeline: story.timeline });
  await story.open({ call: false, channel: "mail", subject: { customerId: crypto.randomUUID() } });
  await story.advance("09:05");
  return { story, handoffId: await cross(story) };
}

async function cross(story: Story): Promise<string> {
  const { version } = await story.read();
  await carrier.client.post(`${story.path}/crossings`, { asOf: version });
  await catchUp(story);
  return openAt(story, orchard);
}

async function openAt({ timeline }: Story, { client, party }: typeof carrier): Promise<string> {
  const { items } = await client.get<{ items: { handoffId: string }[] }>(
    `/v1/queues/${party}.desk/handoffs?timeline=${timeline}`,
  );
  if (items[0] === undefined) throw new Error(`the queue of ${party} is empty`);
  return items[0].handoffId;
}

/**
 * Claims a hand-off and sends the commands in `steps`, in which `accept` precedes the commands that need an acceptance.
 */
async function desk(
  vendor: typeof carrier,
  handoffId: string,
  ...steps: readonly (readonly [name: string, body: object])[]
): Promise<void> {
  const path = `/v1/queues/${vendor.party}.desk/handoffs/${handoffId}`;
  const { token, brief } = await vendor.client.post<{ token: number; brief: { case: { version: number } } }>(
    `${path}/claim`,
  );
  const acceptance = {
    engineer: { name: "Ada Lovett", contact: "ada@orchard.example" },
    vendorCaseId: "OR-5501",
    nextStep: "Check the free memory",
    eta: instant("23:00"),
    readBack: { problem: "Handheld is dead", tried: "nothing yet" },
    dossierVersion: brief.case.version,
  };
  for (const [name, body] of steps)
    await vendor.client.post(`${path}/${name}`, { token, ...(name === "accept" ? acceptance : body) });
}

const accept = ["accept", {}] as const;
const evidence = { test: "on a reference", result: "it works", wouldChangeOurMind: "a log" };
const giveBack = ["return", { code: "cannot-reproduce", evidence }] as const;
const rootCause = "a worn connector";

const endings: readonly (readonly [name: string, end: (given: OfferedCase) => Promise<unknown>])[] = [
  ["lapses", ({ story }) => story.advance("09:16")],
  ["is rejected", ({ handoffId }) => desk(orchard, handoffId, ["reject", { code: "duplicate" }])],
  [
    "is withdrawn",
    ({ story }) => carrier.client.post(`${story.path}/status`, { status: "resolved", fixCode: "found" }),
  ],
  ["is returned", ({ handoffId }) => desk(orchard, handoffId, accept, giveBack)],
  [
    "is transferred and accepted elsewhere",
    async ({ story, handoffId }) => {
      await desk(orchard, handoffId, accept, ["transfer", { code: "wrong-vendor", to: `${quill.party}.desk` }]);
      await catchUp(story);
      expect(await orchard.client.get(story.path)).toMatchObject({ holder: orchard.party });
      await desk(quill, await openAt(story, quill), accept);
    },
  ],
  [
    "is confirmed",
    async ({ story, handoffId }) => {
      await desk(orchard, handoffId, accept, ["resolve", { fixCode: "memory-full" }]);
      await carrier.client.post(`${story.path}/confirm`);
    },
  ],
  [
    "is closed",
    async ({ story, handoffId }) => {
      await desk(orchard, handoffId, accept);
      await carrier.client.post(`${story.path}/close`);
    },
  ],
  [
    "is joint and closed",
    async ({ story, handoffId }) => {
      await desk(orchard, handoffId, accept, giveBack);
      await catchUp(story);
      await desk(orchard, await cross(story), accept, giveBack);
      await catchUp(story);
      expect(await orchard.client.get(story.path)).toMatchObject({ joint: { returns: 2 } });
      await carrier.client.post(`${story.path}/status`, { status: "resolved", fixCode: "found", rootCause });
      await carrier.client.post(`${story.path}/close`);
    },
  ],
];

/**
 * Returns the texts of the vendor's responses from every address of the case or its hand-off, and from each list that
 * may contain the case.
 */
async function readAll({ story, handoffId }: OfferedCase): Promise<Readonly<Record<string, string>>> {
  const document = (await (await fetch(new URL("/openapi.json", stage.url))).json()) as {
    paths: Record<string, object>;
  };
  const named = Object.entries(document.paths)
    .filter(([path, methods]) => "get" in methods && /^\/v1\/(cases\/\{id\}|queues\/\{queue\}\/handoffs)/.test(path))
    .map(([path]) =>
      path
        .replace("/cases/{id}", `/cases/${story.caseId}`)
        .replace("{queue}", `${orchard.party}.desk`)
        .replace("{id}", handoffId),
    );
  expect(named.length).toBeGreaterThanOrEqual(9);
  const of = `timeline=${story.timeline}`;
  const lists = [
    ...["", "&status=acknowledged", "&status=inProgress", "&status=closed", "&line=parts"].map(
      (more) => `/v1/cases?${of}${more}`,
    ),
    ...["&sort=due", "&severity=critical", `&updatedSince=${encodeURIComponent(instant("09:30"))}`].map(
      (more) => `/v1/cases?${of}${more}`,
    ),
    `${story.path}?include=nextDue`,
    `/v1/reports/promises?${of}`,
    `/v1/queues?${of}`,
  ];
  const query = (path: string): string =>
    path.endsWith("/preview") ? "?line=parts" : /queues\/[^/]+\/handoffs$/.test(path) ? `?${of}` : "";
  const headers = { authorization: `Bearer ${orchard.key}` };
  const responses = await Promise.all(
    [...named.map((path) => path + query(path)), ...lists].map(async (path) => {
      const response = await fetch(new URL(path, stage.url), { headers });
      // `lastReadAt`, which routing updates once a minute, belongs to the queue and not to a case.
      const text = (await response.text()).replaceAll(/,"lastReadAt":"[^"]*"/g, "");
      return [path, `${response.status} ${text}`] as const;
    }),
  );
  return Object.fromEntries(responses);
}

/**
 * Lets the carrier write a phone number in every possible way, and advances the timeline by half an hour. In this half
 * hour clocks run and offers lapse.
 */
async function writeLater(story: Story): Promise<void> {
  const post = (path: string, body: object) => carrier.client.post(`${story.path}/${path}`, body);
  const { status, joint } = await carrier.client.get<{ status: string; joint?: object }>(story.path);
  // The parties of a reopened joint case may read it again.
  if (status === "resolved" || (status === "closed" && joint === undefined))
    await post("reopen", { code: "still-broken", reason: `call ${phone}` });
  await post("contacts", { channel: "mail", subject: { phone } });
  await post("entries", { kind: "note", audience: "partners", text: phone, subject: { phone } });
  if (joint === undefined) {
    await post("corrections", { title: `Dead again, ${phone}`, reason: phone });
    await post("severity", { severity: "critical", reason: phone });
    await post("promises", { text: `call ${phone}`, until: instant("09:45") });
    await post("handlings", { channel: "phone", person: "rep-17" });
    await post("status", { status: "pending", note: phone, waitingOn: "customer" });
  }
  await story.advance("09:50");
}

test.each(endings)(
  "⚠ after a case %s, the vendor reads the case as of that instant at every address, and receives no further webhooks",
  async (_, end) => {
    const given = await offerCase();
    const { story } = given;
    await end(given);
    await catchUp(story);
    const before = await readAll(given);
    expect(before[story.path]).toMatch(/^200/);
    expect(before[`${story.path}/clocks`]).toMatch(/^200/);
    await writeLater(story);
    await catchUp(story);
    expect(await readAll(given)).toEqual(before);
    expect(JSON.stringify(before)).not.toContain(phone);
    expect(JSON.stringify(await carrier.client.get(`${story.path}/entries`))).toContain(phone);
    await waitFor(() => deliveredWebhooks.some(({ timeline }) => timeline === story.timeline), {
      what: "the vendor's webhooks",
    });
    const late = deliveredWebhooks.filter(({ timeline, body }) => timeline === story.timeline && body.includes(phone));
    // The vendor may receive the events of its own hand-off, including the reopening and the reason of the reopening.
    expect(late.filter(({ body }) => !body.includes("handoff.reopened"))).toEqual([]);
  },
);

test("after its offer lapsed, a vendor can only read and deliver its own promise; a new offer shows it the whole case", async () => {
  const { story } = await offerCase();
  const made = await orchard.client.post<{ id: string }>(`${story.path}/promises`, {
    text: "a board",
    until: instant("12:00"),
  });
  await story.advance("09:16");
  const before = await orchard.client.get<{ version: number; status: string }>(story.path);
  await carrier.client.post(`${story.path}/entries`, { kind: "note", audience: "partners", text: phone });
  const path = `${story.path}/promises/${made.id}/delivered`;
  const { version, status } = await orchard.client.post<typeof before>(path, { evidence: "sent by courier" });
  expect({ version, status }).toEqual({ version: before.version, status: before.status });
  expect(await orchard.client.get(story.path)).toMatchObject({ version, promises: [{ id: made.id, state: "kept" }] });
  await expect(orchard.client.post(`${story.path}/entries`, { kind: "note", text: "…" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await story.advance("09:27"); // Quill's offer lapses, and the line has no more steps.
  await desk(quill, await offerAgain(story), accept, ["transfer", { code: "wrong-team", to: `${orchard.party}.desk` }]);
  await catchUp(story);
  expect(JSON.stringify(await orchard.client.get(`${story.path}/entries`))).toContain(phone);
});

/** Moves the case to a new line, whose first step offers it to Quill. */
async function offerAgain(story: Story): Promise<string> {
  const line = {
    line: `quill-${crypto.randomUUID().slice(0, 8)}`,
    calendar: "24x7",
    clocks: [{ kind: "stall.idle", target: "PT1H" }],
    crossing: [{ to: `queue:${quill.party}.desk`, acceptWithin: "PT10M" }],
    lastResort: ["https://northtel.example/duty"],
  };
  await carrier.client.post("/v1/lines", line);
  await waitFor(() => carrier.client.post(`${story.path}/move`, { line: line.line, reason: "another way" }), {
    timeoutMs: 10_000,
  });
  await catchUp(story);
  return openAt(story, quill);
}
