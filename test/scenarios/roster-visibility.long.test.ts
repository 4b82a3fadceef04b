import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stage, openStage } from "./stage.ts";
import { Story } from "./story.ts";

/*
 * A line pages the people of two companies. Each company can read whether the other company's roster has a person on
 * duty, but never the name of the person. The test reads every address and every webhook, and writes to the other
 * company's rosters.
 */

let stage: Stage;
let receiver: Server;
const deliveredWebhooks: { readonly path: string; readonly body: string }[] = [];
beforeAll(async () => {
  stage = await openStage({ insight: true, console: true });
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      deliveredWebhooks.push({ path: request.url ?? "", body });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((listening) => receiver.listen(0, "127.0.0.1", listening));
});
afterAll(async () => {
  receiver?.close();
  await stage?.close();
});

type Reader = { readonly party: string; readonly key: string };
type ReadResponse = { readonly path: string; readonly status: number; readonly text: string };

/** The names, ids and addresses that occur only in a company's roster. */
const rosterWords = (of: string) => [`${of}-eng-zyx`, `Zyxwina ${of}`, `zyxwina@${of}.example`, `${of}.pager.example`];
const roster = (of: string, name: string, hours?: object) => {
  const [id = "", person = "", mail = "", pager = ""] = rosterWords(of);
  const turns = { turn: "daily", handover: "09:00", zone: "America/Toronto", start: "2026-03-01", order: [id] };
  const people = [{ id, name: person, mail, url: `https://${pager}/ring` }];
  return { roster: name, people, rotation: [{ ...turns, ...(hours && { hours }) }] };
};

async function ask({ key }: Reader, method: string, path: string, body?: object): Promise<ReadResponse> {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(method === "POST" && { "content-type": "application/json", "idempotency-key": crypto.randomUUID() }),
  };
  const response = await fetch(new URL(path, stage.url), {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  return { path, status: response.status, text: await textOf(response) };
}

/** Returns the body of a response. A stream has no end, so the function reads its first bytes. */
async function textOf(response: Response): Promise<string> {
  if (response.headers.get("content-type") !== "text/event-stream") return response.text();
  for await (const chunk of response.body ?? []) return new TextDecoder().decode(chunk);
  return "";
}

/** A request about another company's case waits for up to two seconds, so thirty requests run at a time. */
async function inParallel(asks: readonly (() => Promise<ReadResponse>)[]): Promise<readonly ReadResponse[]> {
  const responses: ReadResponse[] = [];
  for (let first = 0; first < asks.length; first += 30)
    responses.push(...(await Promise.all(asks.slice(first, first + 30).map((one) => one()))));
  return responses;
}

/**
 * Returns every address of every service, filled in with this case, this roster and, if the address accepts an owner, this
 * owner.
 */
async function addresses(method: "get" | "post", caseId: string, owner: string): Promise<readonly string[]> {
  const documents = await Promise.all(
    Object.values(stage.addresses).map(async (address) => {
      const response = await fetch(new URL("/openapi.json", address));
      return (await response.json()) as { paths: Record<string, Record<string, unknown>> };
    }),
  );
  const paths = documents.flatMap((one) =>
    Object.entries(one.paths).flatMap(([path, by]) => (by[method] ? [path] : [])),
  );
  return [...new Set(paths)]
    .filter((path) => path.startsWith("/v1/"))
    .map((path) =>
      path
        .replace("/v1/parties/{party}", `/v1/parties/${owner}`)
        .replace("{name}", "sight")
        .replace("{version}", "1")
        .replaceAll(/\{\w+\}/g, caseId),
    )
    .flatMap((path) => [path, `${path}?party=${owner}`]);
}

test("⚠ a page shows only whether another company's roster is covered", async () => {
  const carrier = await stage.party("northtel", "carrier");
  const vendor = await stage.party("orchard", "vendor");
  const stranger = await stage.party("quill", "vendor");
  const both = [carrier, vendor];
  for (const { client, party } of both)
    await waitFor(() => client.post("/v1/rosters", roster(party, "sight")), { timeoutMs: 5_000 });
  // The story happens on a Saturday.
  await vendor.client.post("/v1/rosters", roster(vendor.party, "mondays", { mon: ["00:00-24:00"] }));
  const line = {
    line: "sight",
    calendar: "24x7",
    clocks: [{ kind: "stall.busy", target: "PT20M" }],
    crossing: [
      { to: `queue:${vendor.party}.handheld`, mode: "live-assist", acceptWithin: "PT90S" },
      { to: `roster:${vendor.party}.mondays`, acceptWithin: "PT10M" },
      { to: `roster:${vendor.party}.sight`, acceptWithin: "PT2M" },
    ],
    lastResort: [`roster:${carrier.party}.sight`],
  };
  await carrier.client.post("/v1/lines", line);
  const names = { carrierName: carrier.party, vendorName: vendor.party, carrierKey: carrier.key };
  const story = await Story.begin({ ...names, carrier: carrier.client, vendor: vendor.client }, line.line);
  const port = (receiver.address() as AddressInfo).port;
  for (const { client, party } of both)
    await client.post("/v1/subscriptions", { url: `http://127.0.0.1:${port}/${party}`, timeline: story.timeline });
  await story.open();
  await story.talkUntil("09:20");
  await story.advance("09:26");

  const paged = ({ party }: Reader) =>
    deliveredWebhooks
      .filter(({ path, body }) => path === `/${party}` && body.includes("roster.paged"))
      .map(({ body }) => (JSON.parse(body) as { data: { roster: string; nobody: boolean; people: string[] } }).data);
  await waitFor(() => paged(carrier).length >= 3, { timeoutMs: 20_000, what: "the carrier's webhooks" });
  const seen = (of: string) => paged(carrier).find((page) => page.roster === of);
  expect(seen(`${vendor.party}.mondays`)).toMatchObject({ nobody: true, people: [] });
  expect(seen(`${vendor.party}.sight`)).toMatchObject({ nobody: false, people: [] });
  expect(seen(`${carrier.party}.sight`)).toMatchObject({ nobody: false, people: [rosterWords(carrier.party)[0]] });

  for (const [owner, others] of [
    [vendor, [carrier, stranger]],
    [carrier, [vendor, stranger]],
  ] as const) {
    const leaks = (text: string) => rosterWords(owner.party).filter((word) => text.includes(word));
    expect(leaks((await ask(owner, "GET", "/v1/rosters/sight/on-duty")).text)).toHaveLength(4);
    for (const other of others) {
      const payloads = deliveredWebhooks.filter(({ path }) => path === `/${other.party}`);
      expect(payloads.flatMap(({ body }) => leaks(body))).toEqual([]);
      const reading = await addresses("get", story.caseId, owner.party);
      const writing = (await addresses("post", story.caseId, owner.party)).filter((path) =>
        path.startsWith("/v1/rosters/"),
      );
      expect(reading.length).toBeGreaterThan(60);
      expect(writing.length).toBeGreaterThan(10);
      const responses = await inParallel([
        ...reading.map((path) => () => ask(other, "GET", path)),
        ...writing.map((path) => () => ask(other, "POST", path, {})),
      ]);
      for (const { path, status, text } of responses)
        expect({ path, isFault: status >= 500, leaks: leaks(text) }).toEqual({ path, isFault: false, leaks: [] });
    }
  }
});
