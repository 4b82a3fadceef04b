import { type KeyObject, generateKeyPairSync } from "node:crypto";
import type { RequestListener } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HostileIssuer, openHostileIssuer } from "./hostile-issuer.ts";
import { signToken } from "./issuer.ts";
import { openWalker } from "./redirects.ts";
import { type Stage, openStage } from "./stage.ts";

/* An issuer sends tokens that are not valid, or responses that should hold the console up. No response opens a session. */

let stage: Stage;
let issuer: HostileIssuer;
let party: string;
beforeAll(async () => {
  stage = await openStage({ inProcess: true, console: true });
  issuer = await openHostileIssuer();
  ({ party } = await stage.party("northtel", "carrier"));
  await stage.operator.put(`/v1/parties/${party}/issuer`, { issuer: issuer.url, clientId: "crossline" });
}, 60_000);
afterAll(async () => {
  await issuer?.close();
  await stage?.close();
});

type Finish = { readonly status: number; readonly cookies: string; readonly code: string | undefined };

/** Begins a sign-in, lets the issuer respond to the exchange of the code, and returns the response of the callback. */
async function finish(respond: (nonce: string) => RequestListener): Promise<Finish> {
  const walker = openWalker();
  const begun = await walker.get(`${stage.url}/v1/session/oidc/${party}`);
  const { searchParams } = new URL(begun.headers.get("location") ?? "");
  issuer.respondToken = respond(searchParams.get("nonce") ?? "");
  const state = searchParams.get("state") ?? "";
  const response = await walker.get(`${stage.url}/v1/session/oidc/callback?code=a-code&state=${state}`);
  const text = await response.text();
  const code: unknown = text === "" ? undefined : JSON.parse(text).code;
  return {
    status: response.status,
    cookies: response.headers.getSetCookie().join(),
    code: typeof code === "string" ? code : undefined,
  };
}

const now = () => Math.floor(Date.now() / 1000);
const claimsOf = (nonce: string) => ({
  iss: issuer.url,
  aud: "crossline",
  sub: "rep-7",
  crossline_roles: ["rep"],
  nonce,
  iat: now(),
  exp: now() + 60,
});

const respondWith =
  (idToken: string): RequestListener =>
  (_request, response) => {
    const tokens = { access_token: "a", token_type: "bearer", id_token: idToken };
    response.setHeader("content-type", "application/json").end(JSON.stringify(tokens));
  };

test("a valid ID token of this issuer opens a session", async () => {
  const { status, cookies } = await finish((nonce) => respondWith(signToken(issuer.key, claimsOf(nonce))));
  expect({ status, cookies }).toEqual({ status: 302, cookies: expect.stringMatching(/__Host-crossline=[\w-]{43}/) });
});

const otherKey = (): KeyObject => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
test.each<[string, (nonce: string) => string]>([
  ["is signed by another key", (nonce) => signToken(otherKey(), claimsOf(nonce))],
  ["names another issuer", (nonce) => signToken(issuer.key, { ...claimsOf(nonce), iss: "https://evil.example" })],
  ["is for another client", (nonce) => signToken(issuer.key, { ...claimsOf(nonce), aud: "another" })],
  ["has expired", (nonce) => signToken(issuer.key, { ...claimsOf(nonce), exp: now() - 120 })],
  ["has no nonce", (nonce) => signToken(issuer.key, { ...claimsOf(nonce), nonce: undefined })],
  ["has no signature", (nonce) => `${signToken(issuer.key, claimsOf(nonce)).split(".").slice(0, 2).join(".")}.`],
  ["is no token", () => "a.b.c"],
])("an ID token that %s opens no session", async (_name, tokenOf) => {
  const { status, cookies, code } = await finish((nonce) => respondWith(tokenOf(nonce)));
  expect({ status, cookies, code }).toEqual({ status: 401, cookies: "", code: "unauthenticated" });
});

const megabyte = Buffer.alloc(1_000_000, " ");
test.each<[string, RequestListener, number]>([
  ["a redirect", (_request, response) => void response.writeHead(302, { location: "/elsewhere" }).end(), 401],
  ["a fault", (_request, response) => void response.writeHead(500).end("a fault"), 503],
  ["a page", (_request, response) => void response.setHeader("content-type", "text/html").end("<p>"), 401],
  ["a large body", (_request, response) => void response.end(megabyte), 503],
  ["half a response", (request) => void request.socket.destroy(), 503],
])("%s of the token endpoint opens no session", async (_name, respond, expected) => {
  const { status, cookies } = await finish(() => respond);
  expect({ status, cookies }).toEqual({ status: expected, cookies: "" });
  expect(issuer.counts.other).toBe(0); // No request has followed the redirect.
});

test("a body that never ends is cut after five seconds", async () => {
  const begin = performance.now();
  const { status } = await finish(
    () => (_request, response) => void response.setHeader("content-type", "application/json").write("{"),
  );
  expect(status).toBe(503);
  expect(performance.now() - begin).toBeGreaterThan(4_500);
  expect(performance.now() - begin).toBeLessThan(10_000);
}, 20_000);
