import { type Database, connect } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Browser, browserWith, signIn } from "./browser.ts";
import { type Cast, createCast } from "./isolation/cast.ts";
import { type WalkReader, crawl, inParallel, readOperations } from "./isolation/crawl.ts";
import { type TestIssuer, openIssuer } from "./issuer.ts";
import { type Stage, openStage } from "./stage.ts";

/*
 * Two carriers and two vendors plant texts in everything that they set up and write. Each company crawls the API with its own key and its
 * own people. Then each other company, and callers without a valid key or session, read the same addresses. No response and no stream
 * contains a foreign text. The addresses come from the OpenAPI document, so the walk also covers a route that is added later.
 */

let stage: Stage;
let database: Database;
let cast: Cast;
let issuer: TestIssuer;
const streams: { readonly party: string; text: string; readonly cut: AbortController }[] = [];

beforeAll(async () => {
  stage = await openStage({ inProcess: true, insight: true, console: true });
  database = connect({ url: stage.databaseUrl, schema: "console", applicationName: "isolation-test" });
  issuer = await openIssuer(stage, {}, []);
  cast = await createCast(stage, issuer.url);
  await Promise.all(cast.companies.map(({ party, key }) => openRawStream(party, key)));
}, 120_000);
afterAll(async () => {
  for (const { cut } of streams) cut.abort();
  await issuer?.close();
  await database?.close();
  await stage?.close();
});

/** Collects every byte of a company's stream from its beginning. */
async function openRawStream(party: string, key: string): Promise<void> {
  const cut = new AbortController();
  const stream = { party, text: "", cut };
  streams.push(stream);
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(`${stage.url}/v1/stream?after=0`, { headers, signal: cut.signal });
  const read = async () => {
    for await (const chunk of response.body ?? []) stream.text += new TextDecoder().decode(chunk);
  };
  read().catch(() => undefined); // The cut ends the reading with an error.
}

const withHeaders =
  (headers: Readonly<Record<string, string>>): WalkReader =>
  async (path) => {
    const response = await fetch(`${stage.url}${path}`, { headers });
    return { status: response.status, headers: [...response.headers].join("\n"), body: await response.text() };
  };
const withKey = (key: string): WalkReader => withHeaders({ authorization: `Bearer ${key}` });
const withBrowser = ({ cookie }: Browser): WalkReader => withHeaders({ cookie });

test("no company, no former vendor and no invalid caller reads a foreign text in any response or stream", async () => {
  const { companies, markers, unlisted } = cast;
  const operations = await readOperations(stage);
  const known = new Map<string, ReadonlyMap<string, readonly string[]>>();
  for (const { party, key } of companies) {
    const start = { party, unlisted: unlisted.get(party) ?? [] };
    known.set(party, await crawl(operations, start, withKey(key)));
  }

  const unreached = operations.filter(({ path }) =>
    [...known.values()].every((byPath) => byPath.get(path)?.length === 0),
  );
  expect(unreached.map(({ path }) => path)).toEqual(unreachable);
  const all = [...new Set([...known.values()].flatMap((byPath) => [...byPath.values()].flat()))];
  expect(all.length).toBeGreaterThan(300);

  const leaks: string[] = [];
  const faults: string[] = [];
  let ownTexts = 0;
  const walk = (paths: readonly string[], { name, party, reader }: Walker) =>
    inParallel(paths, async (path) => {
      const { status, headers, body } = await reader(path);
      const content = `${headers}\n${body}`;
      if (status >= 500) faults.push(`${name}: ${status} ${path}`);
      if (party === undefined && status !== 401) faults.push(`${name}: ${status} ${path}`);
      leaks.push(...markers.foreignIn(content, party).map((what) => `${name} reads ${what} at ${path}`));
      if (party !== undefined) ownTexts += markers.ownIn(content, party).length;
    });
  const walkers = [...(await companyWalkers()), ...(await invalidWalkers())];
  // The action log shows the addresses that a company itself has read, so the walk reads the log before it reads foreign addresses.
  const ofLog = all.filter((path) => path.startsWith("/v1/actions"));
  for (const walker of walkers) await walk(ofLog, walker);
  for (const walker of walkers)
    await walk(
      all.filter((path) => !ofLog.includes(path)),
      walker,
    );
  expect(ownTexts).toBeGreaterThan(1_000);

  for (const { party, text } of streams) {
    leaks.push(...markers.foreignIn(text, party).map((what) => `${party} reads ${what} in its stream`));
    expect(markers.ownIn(text, party)).toContain("title");
  }
  expect({ leaks: [...new Set(leaks)], faults: [...new Set(faults)] }).toEqual({ leaks: [], faults: [] });
}, 600_000);

/**
 * The operations that no company of the walk can read. Only a mail brings attachments (inbound-mail.test.ts), and only the operator lists
 * parties and operations.
 */
const unreachable = ["/v1/cases/{id}/attachments/{attachmentId}", "/v1/parties", "/v1/operations"];

/**
 * The operations that no API key and no session opens. Only the token of a customer's link reads the customer's view, so the walk does not
 * read it (customer-link.test.ts).
 */
const openReads = ["/v1/customer-view"];

test("no operation without a caller reads anything but the customer's view, and no caller opens this view", async () => {
  const { paths } = (await (await fetch(`${stage.url}/openapi.json`)).json()) as {
    paths: Record<string, { get?: { security: readonly object[] } }>;
  };
  const open = Object.entries(paths).filter(([, { get }]) => get?.security.length === 0);
  // The version of the build, and the way to an issuer, have nothing of a company.
  expect(open.map(([path]) => path).toSorted()).toEqual([
    ...openReads,
    "/v1/session/oidc/callback",
    "/v1/session/oidc/{party}",
    "/version",
  ]);
  for (const { name, reader } of [...(await companyWalkers()), ...(await invalidWalkers())])
    for (const path of openReads) expect({ name, status: (await reader(path)).status }).toEqual({ name, status: 401 });
}, 60_000);

type Walker = { readonly name: string; readonly party: string | undefined; readonly reader: WalkReader };

/** Returns each company with its key, and with the session of its lead. */
async function companyWalkers(): Promise<Walker[]> {
  const walkers = cast.companies.map(async ({ party, key, client }) => {
    const isCarrier = party.startsWith("north") || party.startsWith("rogers");
    const lead = await signIn(stage, client, { person: "lead", roles: [isCarrier ? "lead" : "desk-lead"] });
    return [
      { name: party, party, reader: withKey(key) },
      { name: `the lead of ${party}`, party, reader: withBrowser(lead) },
    ];
  });
  return (await Promise.all(walkers)).flat();
}

/** Returns callers that no service may answer: without a key, with a wrong or an expired key, and with a forged or an expired session. */
async function invalidWalkers(): Promise<Walker[]> {
  const [north] = cast.companies;
  if (north === undefined) throw new Error("the walk has no company");
  const { client, party } = north;
  const expiresAt = new Date(Date.now() + 1_500).toISOString();
  const { key } = await client.post<{ key: string }>(`/v1/parties/${party}/keys`, { expiresAt });
  await waitFor(async () => (await withKey(key)("/v1/me")).status === 401 || undefined, { timeoutMs: 10_000 });
  const expired = await signIn(stage, client, { person: "old", roles: ["lead"] });
  await database.query({
    text: "update session set expires_at = clock_timestamp() where party = $1 and person = 'old'",
    values: [party],
  });
  await waitFor(async () => (await withBrowser(expired)("/v1/me")).status === 401 || undefined, { timeoutMs: 10_000 });
  const readers: readonly (readonly [name: string, reader: WalkReader])[] = [
    ["a caller without a key", withHeaders({})],
    ["a wrong key", withKey(`xl_${party}_${"0".repeat(43)}`)],
    ["an expired key", withKey(key)],
    ["a forged session", withBrowser(browserWith(stage.url, `__Host-crossline=${"A".repeat(43)}`))],
    ["an expired session", withBrowser(expired)],
  ];
  return readers.map(([name, reader]) => ({ name, party: undefined, reader }));
}
