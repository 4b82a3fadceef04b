import type { LineRef } from "@crossline/contracts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ask, type World, acceptance, nine, sound, startWorld } from "./world.ts";

let world: World;
let line: LineRef;
let orchard: Ask;
let northtel: Ask;

beforeAll(async () => {
  world = await startWorld();
  [orchard, northtel] = [world.as("orchard"), world.as("northtel")];
  line = await world.publish("northtel", { line: "handheld" });
});
afterAll(() => world.stop());

async function openCrossedCase() {
  const one = await world.open(line);
  await one.cross();
  const handoffId = await one.offered();
  return { one, handoffId, path: `/v1/queues/orchard.handheld/handoffs/${handoffId}` };
}

describe("a repeated request", () => {
  test("a repeated request gets the first response again, and changes nothing", async () => {
    const { one, path } = await openCrossedCase();
    const key = { "idempotency-key": crypto.randomUUID() };
    const first = await orchard("POST", `${path}/claim`, { person: "eng-1" }, key);
    one.after(300); // the lease has expired by the time of the repeated request
    const again = await orchard("POST", `${path}/claim`, { person: "eng-1" }, key);
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(await one.types()).toEqual(["handoff.offered", "handoff.claimed"]);

    const accepting = { "idempotency-key": crypto.randomUUID() };
    const body = acceptance(first.body.token, first.body.brief.case.version);
    const answers = await Promise.all([1, 2, 3].map(() => orchard("POST", `${path}/accept`, body, accepting)));
    expect(answers.every(({ status, body: { code } }) => status === 200 || code === "request_in_progress")).toBe(true);
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    expect((await orchard("POST", `${path}/accept`, body, accepting)).status).toBe(200);
    expect(await one.types()).toEqual(["handoff.offered", "handoff.claimed", "handoff.accepted"]);
  });

  test("a repeated request with another body is refused", async () => {
    const { path } = await openCrossedCase();
    const key = { "idempotency-key": crypto.randomUUID() };
    await orchard("POST", `${path}/claim`, { person: "eng-1" }, key);
    const other = await orchard("POST", `${path}/claim`, { person: "eng-2" }, key);
    expect(other).toMatchObject({ status: 422, body: { code: "idempotency_mismatch" } });
  });

  test("a repeated request publishes a line once", async () => {
    const key = { "idempotency-key": crypto.randomUUID() };
    const document = { ...sound, line: "once" };
    const first = await northtel("POST", "/v1/lines", document, key);
    expect(await northtel("POST", "/v1/lines", document, key)).toMatchObject({ status: 201, body: first.body });
  });

  test("a command without an idempotency key is refused", async () => {
    const { path } = await openCrossedCase();
    const answer = await orchard("POST", `${path}/claim`, {}, { "idempotency-key": "" });
    expect(answer).toMatchObject({ status: 400, body: { code: "missing_idempotency_key" } });
  });

  test("the response that is stored for a repeated request has no unencrypted personal data", async () => {
    const { path } = await openCrossedCase();
    await orchard("POST", `${path}/claim`, {});
    const kept = await world.database.query<{ answer: string }>({ text: "select answer from idempotency" });
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.filter(({ answer }) => answer.includes("Customer"))).toEqual([]);
  });
});

test("a refused command leaves only a log message", async () => {
  const { one, path } = await openCrossedCase();
  const before = await world.database.query({
    text: "select state::text from case_crossing where case_id = $1",
    values: [one.id],
  });
  world.logged.length = 0;
  expect((await orchard("POST", `${path}/resolve`, { token: 1, fixCode: "x" })).status).toBe(409);
  expect(
    await world.database.query({ text: "select state::text from case_crossing where case_id = $1", values: [one.id] }),
  ).toEqual(before);
  expect(await one.types()).toEqual(["handoff.offered"]);
  expect(world.logged.filter(({ msg }) => msg === "refused")).toMatchObject([
    { code: "illegal_transition", status: 409 },
  ]);
});

describe("a command on a stepped timeline", () => {
  test("a command waits until its stepped timeline has caught up, and returns intake's refusal", async () => {
    const { one, path } = await openCrossedCase();
    world.marks.delete(one.timeline);
    const refused = await orchard("POST", `${path}/claim`);
    expect(refused).toMatchObject({ status: 409, body: { code: "not_quiet" } });
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await one.types()).toEqual(["handoff.offered"]);
  });

  test("the instant of a command on a stepped timeline is the mark or the instant of the last event, whichever is later", async () => {
    const { one, path } = await openCrossedCase();
    world.marks.set(one.timeline, nine - 60_000);
    await orchard("POST", `${path}/claim`);
    expect((await one.published()).handoffs.at(-1)).toMatchObject({ type: "handoff.claimed", time: nine });
  });
});

test.each([
  ["an unknown field", "claim", { who: "me" }, "/who"],
  ["a token that is text", "renew", { token: "1" }, "/token"],
  ["an unknown code", "reject", { token: 1, code: "bored" }, "/code"],
  ["an impossible date", "accept", { ...acceptance(1, 1), eta: "2026-02-30T00:00:00Z" }, "/eta"],
  ["too fine an instant", "accept", { ...acceptance(1, 1), eta: "2026-03-08T00:00:00.0000000001Z" }, "/eta"],
  ["no engineer", "accept", { ...acceptance(1, 1), engineer: undefined }, "/engineer"],
  ["an empty read-back", "accept", { ...acceptance(1, 1), readBack: { problem: "", tried: "x" } }, "/readBack/problem"],
  ["no fix code", "resolve", { token: 1 }, "/fixCode"],
] as const)("%s is refused, and the refusal names the place", async (_, step, body, at) => {
  const { path } = await openCrossedCase();
  const answer = await orchard("POST", `${path}/${step}`, body);
  expect(answer).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  expect(answer.body.fields.map((field: { at: string }) => field.at)).toContain(at);
});

test("no random request gets status 500", async () => {
  const { one, path } = await openCrossedCase();
  const { body } = await orchard("POST", `${path}/claim`);
  const sane = { ...acceptance(body.token, 1), code: "duplicate", fixCode: "x", note: "n" };
  const field = fc.constantFrom(...Object.keys(sane));
  const value = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: "binary" }),
    fc.integer(),
    fc.constantFrom("\0", "\uD800", "x".repeat(5000)),
  );
  const mutated = fc.record({ field, value, others: fc.subarray(Object.keys(sane)) }).map((change) => {
    const kept = Object.fromEntries(Object.entries(sane).filter(([name]) => change.others.includes(name)));
    return { ...kept, [change.field]: change.value };
  });
  const step = fc.constantFrom("claim", "renew", "release", "accept", "reject", "resolve");
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(step, fc.oneof(mutated, fc.jsonValue()), async (name, sent) => {
      const { status, body: answer } = await orchard("POST", `${path}/${name}`, sent);
      statuses.add(status);
      expect({ name, sent, answer, isFault: status >= 500 }).toMatchObject({ isFault: false });
    }),
    { numRuns: 200 },
  );
  const text = fc.oneof(
    fc.string(),
    fc.jsonValue().map((json) => Buffer.from(JSON.stringify(json)).toString("base64url")),
  );
  await fc.assert(
    fc.asyncProperty(text, fc.constantFrom("cursor", "limit", "state", "timeline", "x"), async (sent, name) => {
      const query = `?${name}=${encodeURIComponent(sent)}`;
      const { status } = await orchard("GET", `/v1/queues/orchard.handheld/handoffs${query}`);
      expect([query, status < 500]).toEqual([query, true]);
      const lines = await northtel("GET", `/v1/lines${query}`);
      expect([query, lines.status < 500]).toEqual([query, true]);
    }),
    { numRuns: 60 },
  );
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (sent) => {
      // The parser refuses a field such as `__proto__` before the route reads the line.
      const isReadable = !/"(?:__proto__|constructor)":/.test(JSON.stringify(sent));
      const { status } = await northtel("POST", "/v1/lines/lint", { ...sound, clocks: sent });
      expect(isReadable ? [200] : [200, 400]).toContain(status);
      expect((await northtel("POST", "/v1/lines", sent)).status).toBeLessThan(500);
    }),
    { numRuns: 40 },
  );
  expect(statuses).toContain(400);
  expect((await one.types()).slice(0, 2)).toEqual(["handoff.offered", "handoff.claimed"]);
});
