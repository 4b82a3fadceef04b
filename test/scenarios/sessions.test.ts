import { createAssertions, generateKey } from "@crossline/access";
import { type Database, connect } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { browserWith, cookieOf, exchange, samePage, signIn } from "./browser.ts";
import { type Stage, openStage } from "./stage.ts";

/*
 * People sign in with a link and act under their own name. Each request carries the cookie of a session, and each service knows the person
 * by the assertion of intake.
 */

let stage: Stage;
let database: Database;
beforeAll(async () => {
  stage = await openStage({ inProcess: true, console: true });
  database = connect({ url: stage.databaseUrl, schema: "console", applicationName: "session-test" });
}, 60_000);
afterAll(async () => {
  await database?.close();
  await stage?.close();
});

const opening = (number: string) => ({
  carrierCaseId: number,
  title: "No signal",
  channel: "phone",
  device: { vendor: "orchard", model: "Handheld 8700" },
  symptom: "no-signal",
});

test("a link signs a person in once, and the session says who the person is", async () => {
  const { party, client } = await stage.party("northtel", "carrier");
  const { path, expiresAt } = await client.post<any>("/v1/sign-in-links", { person: "rep-7", roles: ["rep"] });
  expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(9 * 60_000);
  const first = await exchange(stage.url, path);
  expect(first).toMatchObject({ status: 201, body: { party, kind: "carrier", scopes: ["read", "cases"] } });
  const cookie = first.headers.get("set-cookie");
  expect(cookie).toMatch(/^__Host-crossline=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; Secure; SameSite=Strict$/);
  expect(await exchange(stage.url, path)).toMatchObject({ status: 401, body: { code: "unauthenticated" } });
  const me = await browserWith(stage.url, cookieOf(first.headers)).send("GET", "/v1/me");
  expect(me.body).toEqual(first.body);
  expect(me.body.session).toMatchObject({ person: "rep-7", roles: ["rep"] });
  expect(Date.parse(me.body.session.expiresAt) - Date.parse(me.body.session.openedAt)).toBe(12 * 3_600_000);
});

test("the person is stamped from the session in every service, and another person is refused", async () => {
  const { client } = await stage.party("northtel", "carrier");
  const rep = await signIn(stage, client, { person: "rep-7", roles: ["rep"] });
  const opened = await rep.send("POST", "/v1/cases", { ...opening("S-1"), handling: {} });
  expect(opened.status).toBe(201);
  const journal = await waitFor(async () => {
    const { items } = await client.get<{ items: any[] }>(`/v1/cases/${opened.body.id}/journal`);
    return items.some(({ type }) => type === "handling.started") ? items : undefined;
  });
  const actors = journal.filter(({ topic }) => topic === "case").map(({ actor }) => actor);
  for (const actor of actors) expect(actor).toMatchObject({ person: "rep-7", automated: false, proven: true });
  expect(actors).toHaveLength(2);
  const entry = { kind: "note", text: "Tried a restart", person: "rep-9" };
  const asAnother = await rep.send("POST", `/v1/cases/${opened.body.id}/entries`, entry);
  expect(asAnother).toMatchObject({ status: 403, body: { code: "forbidden", fields: [{ at: "/person" }] } });
  const asProgram = await rep.send("POST", `/v1/cases/${opened.body.id}/entries`, {
    ...entry,
    person: "rep-7",
    automated: true,
  });
  expect(asProgram).toMatchObject({ status: 403, body: { fields: [{ at: "/automated" }] } });
  const withKey = await client.post<any>(`/v1/cases/${opened.body.id}/entries`, entry);
  expect(JSON.stringify(withKey)).not.toContain("proven");
});

test("a role gives only its scopes, and a link gives no role beyond the scopes of its maker", async () => {
  const { party, client } = await stage.party("northtel", "carrier");
  const auditor = await signIn(stage, client, { person: "eve", roles: ["auditor"] });
  expect(await auditor.send("POST", "/v1/cases", opening("R-1"))).toMatchObject({
    status: 403,
    body: { scope: "cases" },
  });
  const rep = await signIn(stage, client, { person: "rep-7", roles: ["rep"] });
  expect(await rep.send("POST", "/v1/rosters", {})).toMatchObject({ status: 403, body: { scope: "rosters" } });
  expect(await rep.send("POST", "/v1/sign-in-links", { person: "rep-8", roles: ["rep"] })).toMatchObject({
    status: 403,
  });
  const duty = await signIn(stage, client, { person: "max", roles: ["duty-manager"] });
  expect((await duty.send("POST", "/v1/rosters", {})).status).toBe(422);
  expect(await duty.send("POST", "/v1/lines", {})).toMatchObject({ status: 403, body: { scope: "setup" } });
  const { key } = await client.post<{ key: string }>(`/v1/parties/${party}/keys`, { scopes: ["read", "keys"] });
  const limited = await fetch(`${stage.url}/v1/sign-in-links`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ person: "rep-8", roles: ["rep"] }),
  });
  expect({ status: limited.status, body: await limited.json() }).toMatchObject({
    status: 403,
    body: { scope: "cases" },
  });
  await expect(client.post("/v1/sign-in-links", { person: "ada", roles: ["desk-lead"] })).rejects.toThrow(/role/);
});

test("a page of another address cannot send a request with the cookie", async () => {
  const { client } = await stage.party("northtel", "carrier");
  const rep = await signIn(stage, client, { person: "rep-7", roles: ["rep"] });
  for (const headers of [
    { origin: "https://evil.example" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "null" },
  ])
    expect(await rep.send("POST", "/v1/cases", opening("X-1"), headers)).toMatchObject({
      status: 403,
      body: { code: "forbidden" },
    });
  const bare = await fetch(`${stage.url}/v1/cases`, { method: "POST", headers: { cookie: rep.cookie } });
  expect(bare.status).toBe(403);
  expect((await rep.send("GET", "/v1/me", undefined, { origin: "https://evil.example" })).status).toBe(200);
  expect((await client.get<{ items: unknown[] }>("/v1/cases")).items).toEqual([]);
});

test("a page of another address cannot sign its visitor in as another person", async () => {
  const { client } = await stage.party("northtel", "carrier");
  const { path } = await client.post<{ path: string }>("/v1/sign-in-links", { person: "rep-7", roles: ["rep"] });
  const send = (headers: Readonly<Record<string, string>>) =>
    fetch(`${stage.url}/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ token: path.slice(path.indexOf("=") + 1) }),
    });
  const own = samePage(stage.url);
  for (const foreign of [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }, { origin: "null" }])
    expect((await send({ ...own, ...foreign })).status).toBe(403);
  expect((await send(own)).status).toBe(201);
});

test("a session ends by signing out, by its company, and by its expiry", async () => {
  const { party, client } = await stage.party("northtel", "carrier");
  const sessions = () => client.get<{ sessions: { id: string; person: string }[] }>("/v1/sessions");
  const person = (name: string) => signIn(stage, client, { person: name, roles: ["rep"] });
  const [out, fired, old] = await Promise.all([person("out"), person("fired"), person("old")]);
  const signedOut = await out.send("DELETE", "/v1/session");
  expect(signedOut.status).toBe(204);
  expect(signedOut.headers.get("set-cookie")).toMatch(/^__Host-crossline=; .*Max-Age=0/);
  expect(await out.send("GET", "/v1/me")).toMatchObject({
    status: 401,
    body: { detail: expect.stringMatching(/ended/) },
  });
  const other = await stage.party("rogers", "carrier");
  const { id = "" } = (await sessions()).sessions.find((one) => one.person === "fired") ?? {};
  await expect(other.client.delete(`/v1/sessions/${id}`)).rejects.toThrow(/not exist|no open session/i);
  await client.delete(`/v1/sessions/${id}`);
  await waitFor(async () => (await fired.send("GET", "/v1/me")).status === 401 || undefined, { timeoutMs: 10_000 });
  await database.query({
    text: "update session set expires_at = clock_timestamp() where party = $1 and person = 'old'",
    values: [party],
  });
  await waitFor(async () => (await old.send("GET", "/v1/me")).status === 401 || undefined, { timeoutMs: 10_000 });
  expect((await sessions()).sessions).toEqual([]);
}, 30_000);

test("the operator makes a link for a company at once after creating it, and for its own people", async () => {
  const { party } = await stage.party("fresh", "vendor");
  const agent = await signIn(stage, stage.operator, { party, person: "ada", roles: ["desk-lead"] });
  expect((await agent.send("GET", "/v1/me")).body).toMatchObject({ party, kind: "vendor" });
  const operator = await signIn(stage, stage.operator, { person: "sre-1", roles: ["operator"] });
  expect((await operator.send("GET", "/v1/operations")).status).toBe(200);
  expect((await agent.send("GET", "/v1/operations")).status).toBe(403);
});

test("no forged cookie and no assertion from outside is accepted", async () => {
  const { party, client } = await stage.party("northtel", "carrier");
  const rep = await signIn(stage, client, { person: "rep-7", roles: ["rep"] });
  const forged = `${rep.cookie.slice(0, -1)}${rep.cookie.endsWith("A") ? "B" : "A"}`;
  expect((await browserWith(stage.url, forged).send("GET", "/v1/me")).status).toBe(401);
  const holder = {
    party,
    kind: "carrier" as const,
    keyId: "ss_forged",
    scopes: ["read" as const],
    session: { id: "ss_forged", person: "eve", roles: ["auditor" as const], seal: "x" },
  };
  const genuine = await createAssertions(stage.internalKey).sign(holder);
  const foreign = await createAssertions("internal-key-of-another-installation").sign(holder);
  const read = (url: string, token: string) =>
    fetch(`${url}/v1/rosters`, { headers: { authorization: `Bearer ${token}` } });
  expect((await read(stage.url, genuine)).status).toBe(401);
  expect((await read(stage.addresses.routing, foreign)).status).toBe(401);
  expect((await read(stage.addresses.routing, genuine)).status).toBe(200);
  expect((await fetch(`${stage.addresses.routing}/v1/rosters`, { headers: { cookie: rep.cookie } })).status).toBe(401);
  expect((await read(stage.url, rep.cookie.split("=")[1] ?? "")).status).toBe(401);
  expect(await exchange(stage.url, `/#sign-in=${generateKey("x").key.slice(-43)}`)).toMatchObject({ status: 401 });
});

test("the screens and their files need no key, and no other site can show them", async () => {
  const page = await fetch(`${stage.url}/`);
  expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(page.headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; script-src 'self';.*frame-ancestors 'none'/,
  );
  const files = [...(await page.text()).matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path);
  expect(files.filter((file = "") => !/^\/assets\/.+\.(?:js|css)$/.test(file))).toEqual([]);
  expect(files.length).toBeGreaterThan(1);
  for (const path of files) {
    const { status, headers } = await fetch(`${stage.url}${path}`, { headers: { "accept-encoding": "br" } });
    expect([status, headers.get("content-encoding")]).toEqual([200, "br"]);
    expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  }
  expect((await fetch(`${stage.url}/app/cases/cs_1`)).status).toBe(200);
  for (const path of ["/assets/other.js", "/assets/..%2f..%2fpackage.json", "/internal/position"])
    expect((await fetch(`${stage.url}${path}`)).status).toBe(404);
});

test("a lead makes an API key, and a repeated request in the same session gets the same key", async () => {
  const { party, client } = await stage.party("northtel", "carrier");
  const lead = await signIn(stage, client, { person: "lead-1", roles: ["lead"] });
  const body = { scopes: ["read"] };
  const repeated = { "idempotency-key": "same", ...samePage(stage.url) };
  const first = await lead.send("POST", `/v1/parties/${party}/keys`, body, repeated);
  const second = await lead.send("POST", `/v1/parties/${party}/keys`, body, repeated);
  expect(first.status).toBe(201);
  expect(second.body).toEqual(first.body);
});
