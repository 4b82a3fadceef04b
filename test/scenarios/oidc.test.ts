import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { seal } from "@crossline/idempotency";
import { type Database, connect } from "@crossline/postgres";
import { createLogger } from "@crossline/service";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { browserWith } from "./browser.ts";
import { type TestIssuer, clientSecret, openIssuer, signToken } from "./issuer.ts";
import { type Walker, openWalker } from "./redirects.ts";
import { type Stage, openStage } from "./stage.ts";

/*
 * People sign in at the issuer of their company. The issuer is a real one (oidc-provider), and the tests follow its redirects as a browser
 * does.
 */

const people = {
  ada: { employee: "rep-7", crossline_roles: ["rep", "all-staff"] },
  grace: { employee: "rep-8", crossline_roles: "rep" },
  vera: { employee: "agent-1", crossline_roles: ["desk-lead"] },
  nora: { employee: "rep-9" },
  otto: { crossline_roles: ["rep"] },
  lena: { employee: "lead-1", groups: ["support-leads", "all-staff"] },
};

let stage: Stage;
let database: Database;
let issuer: TestIssuer;
const lines: string[] = [];
const names = { carrier: "", vendor: "", plain: "" };
beforeAll(async () => {
  const log = createLogger("scenario", "info", { write: (line: string) => void lines.push(line) });
  stage = await openStage({ inProcess: true, console: true, log });
  database = connect({ url: stage.databaseUrl, schema: "console", applicationName: "oidc-test" });
  names.carrier = (await stage.party("northtel", "carrier")).party;
  names.plain = (await stage.party("southtel", "carrier")).party;
  names.vendor = (await stage.party("orchard", "vendor")).party;
  issuer = await openIssuer(stage, people, [
    { name: names.carrier, sessionRequired: true },
    { name: names.plain, sessionRequired: false },
    { name: names.vendor, sessionRequired: true },
  ]);
  for (const name of Object.values(names)) await setIssuer(name, issuer.url);
}, 60_000);
afterAll(async () => {
  await issuer?.close();
  await database?.close();
  await stage?.close();
});

const setIssuer = (party: string, url: string, more: object = {}) =>
  stage.operator.put<any>(`/v1/parties/${party}/issuer`, {
    issuer: url,
    clientId: party,
    clientSecret,
    personClaim: "employee",
    ...more,
  });

const startOf = (party: string) => `${stage.url}/v1/session/oidc/${party}?returnTo=/board`;
const callbackAddress = () => `${stage.url}/v1/session/oidc/callback`;

/** Goes to the issuer and back, up to the callback. */
async function goToCallback(party: string, person: string): Promise<{ walker: Walker; callback: string }> {
  const walker = openWalker({ person });
  return { walker, callback: await walker.follow(startOf(party), callbackAddress()) };
}

async function problemOf(response: Response): Promise<any> {
  expect(response.headers.get("content-type")).toMatch(/problem\+json/);
  expect(response.headers.getSetCookie().join()).not.toMatch(/__Host-crossline=/);
  return { status: response.status, body: await response.json() };
}

/** Signs a person in and returns the browser with the session. */
async function signInAtIssuer(party: string, person: string) {
  const { walker, callback } = await goToCallback(party, person);
  const response = await walker.get(callback);
  expect(response.status).toBe(302);
  const secret = /(__Host-crossline=[\w-]{43})/.exec(walker.cookiesOf(stage.url))?.[1] ?? "";
  return { walker, callback, response, browser: browserWith(stage.url, secret) };
}

const isSignedIn = async (browser: ReturnType<typeof browserWith>) =>
  (await browser.send("GET", "/v1/me")).status === 200;
const untilSignedOut = (browser: ReturnType<typeof browserWith>) =>
  waitFor(async () => !(await isSignedIn(browser)) || undefined, { timeoutMs: 10_000 });

test("a person signs in at the issuer, and a command has the proven person", async () => {
  const { response, browser, walker } = await signInAtIssuer(names.carrier, "ada");
  expect(response.headers.get("location")).toBe("/board");
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(walker.cookiesOf(stage.url)).not.toContain("__Host-crossline-sign-in");
  const me = await browser.send("GET", "/v1/me");
  expect(me.body).toMatchObject({ party: names.carrier, session: { person: "rep-7", roles: ["rep"] } });
  const opened = await browser.send("POST", "/v1/cases", {
    carrierCaseId: "O-1",
    title: "No signal",
    channel: "phone",
    device: { vendor: "orchard", model: "Handheld 8700" },
    symptom: "no-signal",
    handling: {},
  });
  expect(opened.status).toBe(201);
  const items = await waitFor(async () => {
    const journal = await browser.send("GET", `/v1/cases/${opened.body.id}/journal`);
    return journal.body.items?.length > 0 ? journal.body.items : undefined;
  });
  expect(items[0].actor).toMatchObject({ person: "rep-7", automated: false, proven: true });
}, 30_000);

test("the start has PKCE, a state and a nonce, and its cookie is for ten minutes", async () => {
  const response = await openWalker().get(startOf(names.carrier));
  const { searchParams, origin } = new URL(response.headers.get("location") ?? "");
  expect(origin).toBe(issuer.url);
  expect(Object.fromEntries(searchParams)).toMatchObject({
    response_type: "code",
    scope: "openid",
    code_challenge_method: "S256",
    redirect_uri: callbackAddress(),
    state: expect.stringMatching(/^[0-9a-f]{64}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
  });
  const cookie = /^__Host-crossline-sign-in=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; Secure; SameSite=Lax$/;
  expect(response.headers.get("set-cookie")).toMatch(cookie);
  for (const wrong of ["//evil.example", "https://evil.example", "/\\evil.example", "board", "/a%09b"])
    expect(
      await problemOf(
        await openWalker().get(
          `${stage.url}/v1/session/oidc/${names.carrier}?returnTo=${wrong.includes("%") ? wrong : encodeURIComponent(wrong)}`,
        ),
      ),
    ).toMatchObject({ status: 400, body: { fields: [{ at: "returnTo" }] } });
});

test("a callback needs its state, the cookie of its browser, and works once", async () => {
  const { walker, callback } = await goToCallback(names.carrier, "ada");
  const foreign = await goToCallback(names.carrier, "grace");
  const refused = { status: 401, body: { code: "unauthenticated" } };
  expect(await problemOf(await openWalker().get(callback))).toMatchObject(refused);
  expect(await problemOf(await foreign.walker.get(callback))).toMatchObject(refused);
  expect(await problemOf(await walker.get(callback.replace(/state=[^&]+/, `state=${"0".repeat(64)}`)))).toMatchObject(
    refused,
  );
  const cookie = walker.cookiesOf(stage.url);
  const replay = () => fetch(callback, { redirect: "manual", headers: { cookie } });
  const both = await Promise.all([replay(), replay()]);
  expect(both.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([302, 401]);
  expect(await problemOf(await replay())).toMatchObject(refused);
});

test.each([
  ["another nonce", "nonce = 'another'", "OAUTH_JWT_CLAIM_COMPARISON_FAILED"],
  ["another code verifier", "verifier = $2", "invalid_grant"],
  ["an expired sign-in", "expires_at = clock_timestamp()", undefined],
])("%s is refused", async (_name, change, fault) => {
  const { walker, callback } = await goToCallback(names.carrier, "ada");
  const other = seal("v".repeat(43), stage.internalKey, "crossline.issuer");
  await database.query({
    text: `update sign_in set ${change} where party = $1${change.includes("$2") ? "" : " and $2::text is not null"}`,
    values: [names.carrier, other],
  });
  const before = lines.length;
  expect(await problemOf(await walker.get(callback))).toMatchObject({ status: 401, body: { code: "unauthenticated" } });
  const faults = lines.slice(before).flatMap((line) => JSON.parse(line).fault ?? []);
  expect(faults).toEqual(fault === undefined ? [] : [fault]);
});

test("a callback from another issuer, and a code for another company, are refused", async () => {
  const mixed = await goToCallback(names.carrier, "ada");
  const withIssuer = mixed.callback.replace(/iss=[^&]+/, `iss=${encodeURIComponent("https://evil.example")}`);
  expect(withIssuer).not.toBe(mixed.callback);
  expect(await problemOf(await mixed.walker.get(withIssuer))).toMatchObject({ status: 401 });
  const own = await goToCallback(names.carrier, "ada");
  const other = await goToCallback(names.plain, "grace");
  const stolen = new URL(own.callback);
  stolen.searchParams.set("code", new URL(other.callback).searchParams.get("code") ?? "");
  expect(await problemOf(await own.walker.get(stolen.href))).toMatchObject({ status: 401 });
});

test("an issuer without a person, without roles, or with roles of other companies opens no session", async () => {
  const finish = async (party: string, person: string) => {
    const { walker, callback } = await goToCallback(party, person);
    return problemOf(await walker.get(callback));
  };
  const forbidden = (detail: RegExp) => ({
    status: 403,
    body: { code: "forbidden", detail: expect.stringMatching(detail) },
  });
  expect(await finish(names.carrier, "vera")).toMatchObject(forbidden(/no role that fits a carrier/));
  expect(await finish(names.carrier, "nora")).toMatchObject(forbidden(/"crossline_roles" is missing/));
  expect(await finish(names.carrier, "otto")).toMatchObject(forbidden(/no person in the claim "employee"/));
  const desk = await signInAtIssuer(names.vendor, "vera");
  expect((await desk.browser.send("GET", "/v1/me")).body).toMatchObject({ party: names.vendor, kind: "vendor" });
  const walker = openWalker();
  const refused = await walker.get(await walker.follow(startOf(names.carrier), callbackAddress()));
  expect(await problemOf(refused)).toMatchObject({ status: 403, body: { issuerError: "access_denied" } });
});

test("the operator sets an issuer, and its company reads it without the secret", async () => {
  const { party, client } = await stage.party("westtel", "carrier");
  await expect(client.put(`/v1/parties/${party}/issuer`, { issuer: issuer.url, clientId: "x" })).rejects.toThrow(
    /only for a operator/,
  );
  await expect(setIssuer(party, `${issuer.url}/wrong`)).rejects.toThrow(/issuer was not saved/);
  await expect(setIssuer(party, "http://10.0.0.1")).rejects.toThrow(/https/);
  await expect(setIssuer(party, issuer.url, { roleMap: { staff: "desk-lead" } })).rejects.toThrow(/\/roleMap\/staff/);
  const roleMap = { "support-leads": "lead" };
  await setIssuer(party, issuer.url, { clientId: names.carrier, rolesClaim: "groups", roleMap });
  const read = await client.get<any>(`/v1/parties/${party}/issuer`);
  expect(read).toMatchObject({ issuer: issuer.url, hasClientSecret: true, roleMap, redirectUri: callbackAddress() });
  expect(JSON.stringify(read)).not.toContain(clientSecret);
  const [row] = await database.query<any>({
    text: "select client_secret from issuer where party = $1",
    values: [party],
  });
  expect(Buffer.from(row.client_secret, "base64").toString()).not.toContain(clientSecret);
  const other = await stage.party("easttel", "carrier");
  await expect(other.client.get(`/v1/parties/${party}/issuer`)).rejects.toThrow(/may not read/);
  const lead = await signInAtIssuer(party, "lena");
  expect((await lead.browser.send("GET", "/v1/me")).body.session).toMatchObject({ person: "lead-1", roles: ["lead"] });
  await stage.operator.delete(`/v1/parties/${party}/issuer`);
  await untilSignedOut(lead.browser);
  expect(await problemOf(await openWalker().get(startOf(party)))).toMatchObject({ status: 404 });
}, 30_000);

test("an issuer that is down or silent gets a clear response in time", async () => {
  const { party } = await stage.party("downtel", "carrier");
  const own = await openIssuer(stage, people, [{ name: party, sessionRequired: true }]);
  await setIssuer(party, own.url);
  const { walker, callback } = await goToCallback(party, "ada");
  await own.close();
  expect(await problemOf(await walker.get(callback))).toMatchObject({ status: 503, body: { code: "unavailable" } });
  await database.query({ text: "update issuer set changed_at = clock_timestamp() where party = $1", values: [party] });
  const down = await openWalker().get(startOf(party));
  expect(down.headers.get("retry-after")).toBe("10");
  expect(await problemOf(down)).toMatchObject({ status: 503, body: { code: "unavailable" } });
  const silent = createServer(() => {}).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const begin = performance.now();
  const put = setIssuer(party, `http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  await expect(put).rejects.toThrow(/does not respond/);
  expect(performance.now() - begin).toBeGreaterThan(4_500);
  expect(performance.now() - begin).toBeLessThan(10_000);
  silent.closeAllConnections();
  silent.close();
}, 30_000);

test("the issuer signs a session out by sid, and all sessions of a person by sub", async () => {
  const first = await signInAtIssuer(names.carrier, "ada");
  const second = await signInAtIssuer(names.carrier, "ada");
  // The browser signs out at the issuer, which then calls the console.
  const page = await (await first.walker.get(`${issuer.url}/session/end`)).text();
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? "";
  const confirmed = await fetch(`${issuer.url}/session/end/confirm`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie: first.walker.cookiesOf(issuer.url), "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ xsrf, logout: "yes" }),
  });
  expect(confirmed.status).toBeLessThan(400);
  await untilSignedOut(first.browser);
  expect(await isSignedIn(second.browser)).toBe(true);

  const [one, two] = [await signInAtIssuer(names.plain, "ada"), await signInAtIssuer(names.plain, "ada")];
  const bystander = await signInAtIssuer(names.plain, "grace");
  const client: any = await issuer.provider.Client.find(names.plain);
  await client.backchannelLogout("ada", "none");
  await Promise.all([untilSignedOut(one.browser), untilSignedOut(two.browser)]);
  expect(await isSignedIn(bystander.browser)).toBe(true);
  expect(await isSignedIn(second.browser)).toBe(true);
}, 60_000);

test("only a valid logout token of the company's own issuer ends sessions", async () => {
  const { browser } = await signInAtIssuer(names.carrier, "ada");
  const post = async (party: string, token: string, type = "application/x-www-form-urlencoded") => {
    const response = await fetch(`${stage.url}/v1/session/oidc/${party}/logout`, {
      method: "POST",
      headers: { "content-type": type },
      body: new URLSearchParams({ logout_token: token }),
    });
    const body: any = await response.json();
    return { status: response.status, cache: response.headers.get("cache-control"), body };
  };
  const now = Math.floor(Date.now() / 1000);
  const events = { "http://schemas.openid.net/event/backchannel-logout": {} };
  const valid = { iss: issuer.url, aud: names.carrier, iat: now, exp: now + 120, jti: "j1", sub: "ada", events };
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { sub: _, ...anonymous } = valid;
  const forged: [string, string][] = [
    ["another key", signToken(privateKey, valid)],
    ["another issuer", issuer.sign({ ...valid, iss: "https://evil.example" })],
    ["another audience", issuer.sign({ ...valid, aud: names.vendor })],
    ["too old", issuer.sign({ ...valid, iat: now - 3_600, exp: now + 3_600 })],
    ["expired", issuer.sign({ ...valid, exp: now - 120 })],
    ["no iat", issuer.sign({ ...valid, iat: undefined })],
    ["no event", issuer.sign({ ...valid, events: {} })],
    ["an ID token", issuer.sign({ ...valid, nonce: "n" })],
    ["no subject", issuer.sign(anonymous)],
    ["no token", "a.b.c"],
    ["no signature", `${Buffer.from('{"alg":"none"}').toString("base64url")}.${issuer.sign(valid).split(".")[1]}.`],
  ];
  for (const [name, token] of forged)
    expect({ name, ...(await post(names.carrier, token)) }).toMatchObject({
      name,
      status: 400,
      cache: "no-store",
      body: { code: "invalid_request", fields: [{ at: "/logout_token" }] },
    });
  expect(await post(names.vendor, issuer.sign(valid))).toMatchObject({ status: 400 });
  expect(await post(names.plain, issuer.sign({ ...valid, aud: names.plain }))).toMatchObject({ body: { ended: 0 } });
  expect((await post(names.carrier, issuer.sign(valid), "application/json")).status).toBe(415);
  expect(await isSignedIn(browser)).toBe(true);
  const accepted = await post(names.carrier, issuer.sign(valid));
  expect(accepted).toMatchObject({ status: 200, cache: "no-store" });
  expect(accepted.body.ended).toBeGreaterThanOrEqual(1);
  expect(await post(names.carrier, issuer.sign(valid))).toMatchObject({ status: 200, body: { ended: 0 } });
  await untilSignedOut(browser);
}, 30_000);

test("the log has no person and no secret", () => {
  const log = lines.join("");
  expect(log).toContain("a sign-in failed at the issuer");
  for (const secret of ["Lovett", "rep-7", "employee", clientSecret, "logout_token", "eyJ"])
    expect(log).not.toContain(secret);
});
