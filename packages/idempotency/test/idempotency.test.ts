import { refusal, isRefusal } from "@crossline/contracts";
import {
  claimKeys,
  expireKeys,
  type IdempotentRequest,
  saveResponses,
  readIdempotencyKey,
  withIdempotency,
} from "@crossline/idempotency";
import { connect, type Database, isTransient, type Tx } from "@crossline/postgres";
import { type FreshDatabase, freshDatabase } from "@crossline/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

let fresh: FreshDatabase;
let database: Database;
let other: Database;
let count = 0;
let request: IdempotentRequest;

beforeAll(async () => {
  fresh = await freshDatabase("notification");
  database = connect(fresh.options("notification"));
  other = connect(fresh.options("notification"));
  await database.query({ text: "create table effect (name text)" });
});
beforeEach(() => {
  request = { party: "northtel", key: `k-${++count}`, method: "POST", path: "/v1/things", body: { a: 1 } };
});
afterAll(async () => {
  await Promise.all([database.close(), other.close()]);
  await fresh.drop();
});

const effect = async (tx: Tx) => {
  await tx.query({ text: "insert into effect values ($1)", values: [request.key] });
  return { status: 201, body: { id: `thing-${request.key}` } };
};
const effects = async () =>
  (await database.query({ text: "select 1 from effect where name = $1", values: [request.key] })).length;

test("a repeated request gets the first response and takes effect once", async () => {
  const first = await withIdempotency(database, request, effect);
  expect(first).toEqual({ status: 201, body: { id: `thing-${request.key}` }, replayed: false });
  expect(await withIdempotency(other, request, effect)).toMatchObject({ ...first, replayed: true });
  expect(await effects()).toBe(1);
});

test("another body, path or method with the same key is refused, and parties and timelines have separate keys", async () => {
  await withIdempotency(database, request, effect);
  for (const change of [{ body: { a: 2 } }, { path: "/v1/others" }, { method: "PUT" }]) {
    expect(await withIdempotency(database, { ...request, ...change }, effect)).toMatchObject({
      code: "idempotency_mismatch",
    });
  }
  expect(await effects()).toBe(1);
  for (const change of [{ party: "orchard" }, { timeline: "stp_00000000000000000000000000" }]) {
    expect(await withIdempotency(database, { ...request, ...change }, effect)).toMatchObject({ replayed: false });
  }
  expect(await effects()).toBe(3);
});

test("a repeated request is refused while the first request runs, and gets the first response after that", async () => {
  const atWork = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const first = withIdempotency(database, request, async (tx) => {
    const answer = await effect(tx);
    atWork.resolve();
    await goOn.promise;
    return answer;
  });
  await atWork.promise;
  expect(await withIdempotency(other, request, effect)).toMatchObject({ code: "request_in_progress" });
  goOn.resolve();
  expect(await first).toMatchObject({ replayed: false });
  expect(await withIdempotency(other, request, effect)).toMatchObject({ replayed: true });
  expect(await effects()).toBe(1);
});

test("only one of fifty concurrent requests takes effect, and the other requests get its response or `request_in_progress`", async () => {
  for (let round = 0; round < 10; round++) {
    request = { ...request, key: `${request.key}-${round}` };
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) => withIdempotency(index % 2 === 0 ? database : other, request, effect)),
    );
    const done = outcomes.filter((outcome) => "replayed" in outcome);
    expect(done.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(done.map(({ body }) => body.id))).toEqual(new Set([`thing-${request.key}`]));
    const rest = outcomes.filter(isRefusal);
    expect(rest.every(({ code }) => code === "request_in_progress")).toBe(true);
    expect(await effects()).toBe(1);
  }
});

test("a request whose sender has gone takes no effect, and its repetition is decided", async () => {
  let isAbandoned = false;
  const [taken, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const lock = other.transaction(async (tx) => {
    await tx.query({ text: "lock table idempotency in access exclusive mode" });
    taken.resolve();
    await held.promise;
  });
  await taken.promise;
  const first = withIdempotency(database, { ...request, isAbandoned: () => isAbandoned }, effect);
  isAbandoned = true;
  held.resolve();
  await lock;
  expect(await first).toMatchObject({ code: "request_in_progress" });
  expect(await effects()).toBe(0);
  expect(await withIdempotency(database, request, effect)).toMatchObject({ status: 201, replayed: false });
});

test("a refusal stores nothing, and the same request is decided again", async () => {
  const refused = await withIdempotency(database, request, async (tx) => {
    await effect(tx);
    return refusal("limit_reached", "Enough.");
  });
  expect(refused).toMatchObject({ code: "limit_reached" });
  expect(await effects()).toBe(0);
  expect(await withIdempotency(database, request, effect)).toMatchObject({ status: 201, replayed: false });
});

test("a fault stores nothing, even if the connection is lost between the effect and the commit", async () => {
  const fault = withIdempotency(database, request, async (tx) => {
    await effect(tx);
    throw new Error("a bug");
  });
  await expect(fault).rejects.toThrow("a bug");
  const crash = withIdempotency(database, request, async (tx) => {
    const answer = await effect(tx);
    const [row] = await tx.query<{ pid: number }>({ text: "select pg_backend_pid() as pid" });
    await other.query({ text: "select pg_terminate_backend($1)", values: [row?.pid] });
    return answer;
  });
  expect(await crash.catch(isTransient)).toBe(true);
  expect(await effects()).toBe(0);
  expect(await withIdempotency(database, request, effect)).toMatchObject({ status: 201, replayed: false });
  expect(await effects()).toBe(1);
});

test("the table stores a response that contains a secret only in encrypted form, readable with the sealing key", async () => {
  const sealed = { ...request, sealedBy: "the caller's own key" };
  const work = async () => ({ status: 201, body: { key: "plaintext-secret" } });
  await withIdempotency(database, sealed, work);
  const rows = await database.query({ text: "select answer from idempotency where key = $1", values: [request.key] });
  expect(JSON.stringify(rows)).not.toContain("plaintext-secret");
  expect(await withIdempotency(database, sealed, work)).toMatchObject({
    body: { key: "plaintext-secret" },
    replayed: true,
  });
  expect(await withIdempotency(database, { ...sealed, sealedBy: "another" }, work)).toMatchObject({
    code: "idempotency_mismatch",
  });
});

test("a batch claims its keys in one transaction and refuses a key that it contains twice", async () => {
  const requests = [request, { ...request, key: `${request.key}-b` }, { ...request }];
  const answer = { status: 201, body: null };
  const kinds = await database.transaction(async (tx) => {
    const claims = await claimKeys(tx, requests);
    const claimed = requests.filter((_, index) => claims[index]?.is === "new");
    await saveResponses(
      tx,
      claimed.map((own) => ({ request: own, response: answer })),
    );
    return claims.map(({ is }) => is);
  });
  expect(kinds).toEqual(["new", "new", "refused"]);
  const again = await database.transaction((tx) => claimKeys(tx, requests));
  expect(again).toEqual(requests.map(() => ({ is: "repeated", response: { ...answer, text: "null" } })));
});

test("responses are stored for 24 hours", async () => {
  await withIdempotency(database, request, effect);
  await database.query({
    text: "update idempotency set kept_at = kept_at - interval '24 hours' where key = $1",
    values: [request.key],
  });
  expect(await expireKeys(database)).toBe(1);
  expect(await expireKeys(database)).toBe(0);
  expect(await withIdempotency(database, request, effect)).toMatchObject({ replayed: false });
});

test("a key is 1 to 255 printable ASCII characters", () => {
  expect(readIdempotencyKey("6f1c")).toBe("6f1c");
  expect(readIdempotencyKey(undefined)).toMatchObject({ code: "missing_idempotency_key" });
  for (const header of [" ", "a".repeat(256), "ü", ["a", "b"]]) {
    expect(readIdempotencyKey(header)).toMatchObject({ code: "invalid_request" });
  }
});
