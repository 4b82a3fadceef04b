import { type Instant, type KeyScope, formatInstant } from "@crossline/contracts";
import { connect, now } from "@crossline/postgres";
import type { Database } from "@crossline/postgres";
import { freshDatabase } from "@crossline/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { applyParties, createAssertions, createAuthenticator, generateKey, saveParties } from "../src/index.ts";
import { recorded } from "./records.ts";

let real: Database;
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
/** Wraps the real database to count its queries and to fail on request. */
let database: Database;
let queries = 0;
let broken = false;

beforeAll(async () => {
  fresh = await freshDatabase("callers");
  real = connect(fresh.options("callers"));
  database = {
    ...real,
    query: (query) => {
      queries += 1;
      return broken ? Promise.reject(new Error("Connection terminated")) : real.query(query);
    },
  };
});
afterAll(async () => {
  await real.close();
  await fresh.drop();
});
beforeEach(async () => {
  await real.query({ text: "truncate party, party_key" });
  queries = 0;
  broken = false;
});

const made = generateKey("northtel");
const holder = { party: "northtel", kind: "carrier", keyId: "key_northtel_1" };
const record = (sequence = 1, hashes: string[] = [made.hash]) =>
  real.transaction((tx) => applyParties(tx, [recorded("northtel", sequence, hashes)]));

test("the authenticator queries a known key once, even if many requests use it concurrently", async () => {
  await record();
  const authenticate = createAuthenticator(database);
  const found = await Promise.all(Array.from({ length: 20 }, () => authenticate(made.key)));
  expect(found).toEqual(Array.from({ length: 20 }, () => holder));
  expect(await authenticate(made.key)).toEqual(holder);
  expect(queries).toBe(1);
});

test("the authenticator sends no query for a text that cannot be a key, and refuses the text", async () => {
  const authenticate = createAuthenticator(database);
  expect(await authenticate("xl_northtel_short")).toBeUndefined();
  expect(queries).toBe(0);
});

test("requests with a key whose record has not arrived share one search", async () => {
  const authenticate = createAuthenticator(database, { waitMs: 10_000 });
  const waiting = Promise.all([authenticate(made.key), authenticate(made.key)]);
  await expect.poll(() => queries).toBeGreaterThan(1);
  await record();
  expect(await waiting).toEqual([holder, holder]);
});

test("the authenticator refuses an unknown key after the wait, and later after one query", async () => {
  const authenticate = createAuthenticator(database, { waitMs: 60 });
  const began = performance.now();
  expect(await authenticate(made.key)).toBeUndefined();
  expect(performance.now() - began).toBeGreaterThanOrEqual(59);
  queries = 0;
  expect(await authenticate(made.key)).toBeUndefined();
  expect(queries).toBe(1);
  await record();
  expect(await authenticate(made.key)).toEqual(holder);
});

test("above the limit of waiting unknown keys, the authenticator refuses a further key after one query", async () => {
  const authenticate = createAuthenticator(database, { waitMs: 10_000, waitersMax: 1 });
  const waiting = authenticate(made.key);
  await expect.poll(() => queries).toBeGreaterThan(1);
  expect(await authenticate(generateKey("northtel").key)).toBeUndefined();
  await record();
  expect(await waiting).toEqual(holder);
});

test("the authenticator refuses a deleted key when the key is no longer cached", async () => {
  await record();
  const authenticate = createAuthenticator(database, { keepMs: 200, waitMs: 10 });
  expect(await authenticate(made.key)).toEqual(holder);
  await record(2, []);
  expect(await authenticate(made.key)).toEqual(holder);
  await expect.poll(() => authenticate(made.key), { timeout: 2000 }).toBeUndefined();
});

test("the authenticator refreshes a key in use in the background, so that no request waits for the query", async () => {
  await record();
  const authenticate = createAuthenticator(database, { keepMs: 400 });
  await authenticate(made.key);
  await expect.poll(async () => [await authenticate(made.key), queries], { interval: 20 }).toEqual([holder, 2]);
});

test("without the database, the authenticator accepts cached keys until `keepMs` ends, and then throws", async () => {
  await record();
  const authenticate = createAuthenticator(database, { keepMs: 300 });
  await authenticate(made.key);
  broken = true;
  expect(await authenticate(made.key)).toEqual(holder);
  await expect
    .poll(() => authenticate(made.key).then(() => "let in", String), { timeout: 2000 })
    .toBe("Error: Connection terminated");
  broken = false;
  expect(await authenticate(made.key)).toEqual(holder);
});

test("`usedSince` returns the known keys used since an instant, and no unknown key", async () => {
  await record();
  const authenticate = createAuthenticator(database, { keepMs: 400, waitMs: 10 });
  await authenticate(generateKey("northtel").key);
  expect(authenticate.usedSince(-Infinity)).toEqual([]);
  await authenticate(made.key);
  const [first, ...others] = authenticate.usedSince(-Infinity);
  expect({ first, others }).toMatchObject({ first: { keyId: holder.keyId }, others: [] });
  expect(first?.agoMs).toBeLessThan(10_000);
  const since = performance.now();
  expect(authenticate.usedSince(since)).toEqual([]);
  expect(authenticate.findCached(made.key)).toEqual(holder);
  expect(authenticate.usedSince(since)).toMatchObject([{ keyId: holder.keyId }]);
});

/** Saves a key with limits. `leftMs` is the time until it expires by Postgres' clock. */
async function recordLimited(sequence: number, leftMs: number, scopes: KeyScope[] = ["read"]): Promise<Instant> {
  const expiresAt = (await now(real)) + leftMs;
  const keys = [{ keyId: holder.keyId, hash: made.hash, scopes, expiresAt: formatInstant(expiresAt) }];
  await real.transaction((tx) => applyParties(tx, [recorded("northtel", sequence, [], { keys })]));
  return expiresAt;
}

test("the authenticator returns the scopes of a key", async () => {
  await recordLimited(1, 60_000, ["read", "keys"]);
  expect(await createAuthenticator(database)(made.key)).toEqual({ ...holder, scopes: ["read", "keys"] });
});

test("the authenticator returns the expiry of an expired key, and no party", async () => {
  const expiredAt = await recordLimited(1, 0);
  const authenticate = createAuthenticator(database);
  expect(await authenticate(made.key)).toEqual({ expiredAt });
  expect(authenticate.findCached(made.key)).toBeUndefined();
  expect(authenticate.usedSince(-Infinity)).toEqual([]);
});

test("the authenticator accepts a key until its expiry by Postgres' clock, even if the key is cached, and never longer", async () => {
  const expiredAt = await recordLimited(1, 1_000);
  const authenticate = createAuthenticator(database);
  expect(await authenticate(made.key)).toMatchObject({ keyId: holder.keyId });
  const faults: unknown[] = [];
  for (let before = 0; before < expiredAt;) {
    before = await now(real);
    const found = await authenticate(made.key);
    const after = await now(real);
    const isAccepted = found !== undefined && "keyId" in found;
    if (isAccepted ? before >= expiredAt : after < expiredAt) faults.push({ before, found, after, expiredAt });
  }
  expect(faults).toEqual([]);
  expect(await authenticate(made.key)).toEqual({ expiredAt });
});

test("the authenticator refuses a cached key whose expiry became earlier when the cache ends", async () => {
  await recordLimited(1, 60_000);
  const authenticate = createAuthenticator(database, { keepMs: 200 });
  expect(await authenticate(made.key)).toMatchObject({ keyId: holder.keyId });
  const expiredAt = await recordLimited(2, 0);
  await expect.poll(() => authenticate(made.key), { timeout: 2_000 }).toEqual({ expiredAt });
});

const operator = { party: "operator", kind: "operator" } as const;

test("only a service that checks the operator accepts its key, and no service takes a key of the operator from the topic", async () => {
  const { key, keyId, hash } = generateKey("operator");
  const authenticators = [true, false].map((checksOperator) =>
    createAuthenticator(database, { checksOperator, waitMs: 10 }),
  );
  const ask = () => Promise.all(authenticators.map((authenticate) => authenticate(key)));
  await real.transaction((tx) => applyParties(tx, [recorded("operator", 1, [hash], operator)]));
  expect(await ask()).toEqual([undefined, undefined]);
  const data = { ...operator, name: "Operator", keys: [{ keyId, hash }] };
  await saveParties(real, [{ data, sequence: 2, time: 0 }]);
  expect(await ask()).toEqual([{ ...operator, keyId }, undefined]);
});

test("an assertion names the operator with its key, and an assertion under another internal key is refused", async () => {
  const authenticate = createAuthenticator(database, { assertions: createAssertions("the internal key") });
  const caller = { ...operator, keyId: "key_operator", seal: "a seal", session: undefined };
  const [genuine, foreign] = await Promise.all(
    ["the internal key", "another internal key"].map((key) => createAssertions(key).sign(caller)),
  );
  expect(await authenticate(genuine ?? "")).toEqual(caller);
  expect(await authenticate(foreign ?? "")).toBeUndefined();
  expect(queries).toBe(0);
});
