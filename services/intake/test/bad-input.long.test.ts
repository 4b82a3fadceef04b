import { randomUUID } from "node:crypto";
import {
  addContactRequest,
  addEntryRequest,
  advanceRequest,
  changeSeverityRequest,
  changeStatusRequest,
  closeRequest,
  contactRequest,
  correctRequest,
  createPartyRequest,
  createTimelineRequest,
  crossRequest,
  deliverPromiseRequest,
  endTimelineRequest,
  mergeRequest,
  moveRequest,
  newId,
  openCaseRequest,
  problemDocument,
  promiseRequest,
  reopenRequest,
  startHandlingRequest,
  withdrawPromiseRequest,
} from "@crossline/contracts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiResponse, type World, createWorld, opening } from "./world.ts";

let world: World;
let path: string;
let timeline: string;
beforeAll(async () => {
  world = await createWorld();
  path = (await world.northtel.post("/v1/cases", opening())).body.links.self;
  timeline = (await world.northtel.post("/v1/timelines", { kind: "stepped" })).body.id;
});
afterAll(() => world.stop());

const places = (response: ApiResponse) => response.body.fields.map((field: { at: string }) => field.at);

test.each([
  ["an unknown field", opening({ colour: "red" }), ["/colour"]],
  ["its own time", opening({ occurredAt: "2026-01-01T00:00:00Z" }), ["/occurredAt"]],
  ["a wrong type", opening({ title: 7 }), ["/title"]],
  ["a missing field", { carrierCaseId: "x", title: "y" }, ["/channel"]],
  ["an impossible date", opening({ needBy: "2026-02-30T09:00:00Z" }), ["/needBy"]],
  ["a date without an offset", opening({ needBy: "2026-02-20T09:00:00" }), ["/needBy"]],
  ["a date after the last instant", opening({ needBy: "9999-12-31T23:59:59-12:00" }), ["/needBy"]],
  ["an unknown channel", opening({ channel: "fax" }), ["/channel"]],
  ["a title of two lines", opening({ title: "a\nb" }), ["/title"]],
  ["a title that is too long", opening({ title: "x".repeat(201) }), ["/title"]],
  ["an unknown nested field", opening({ device: { colour: "red" } }), ["/device/colour"]],
  ["a malformed timeline", opening({ timeline: "yesterday" }), ["/timeline"]],
  ["NUL", opening({ symptom: "a\u0000b" }), ["/symptom"]],
  ["half of a surrogate pair", opening({ subject: { name: "\ud800" } }), ["/subject/name"]],
  ["an array", [], [""]],
  ["null", null, [""]],
])("intake refuses %s and names its place", async (_, body, at) => {
  const refused = await world.northtel.post("/v1/cases", body);
  expect(refused).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  expect(refused.headers.get("content-type")).toContain("application/problem+json");
  expect(places(refused)).toEqual(at);
});

test("if a CRM sends Latin-1, intake still distinguishes customers whose names differ only in an umlaut", async () => {
  const send = (customerId: string, type: string) =>
    world.northtel.send("POST", "/v1/contacts", {
      body: Buffer.from(JSON.stringify({ channel: "mail", title: "dead", subject: { customerId } }), "latin1"),
      headers: { "content-type": type, "idempotency-key": randomUUID() },
    });
  for (const customerId of ["Müller-7", "Möller-7"]) {
    expect(await send(customerId, "application/json")).toMatchObject({
      status: 400,
      body: { code: "invalid_request", detail: expect.stringContaining("byte 60 belongs to no character") },
    });
    expect(await send(customerId, "application/json; charset=iso-8859-1")).toMatchObject({ status: 415 });
  }
});

test("intake refuses damaged JSON, another media type, and a body over 1 MiB", async () => {
  const send = (body: string, type = "application/json") =>
    world.northtel.send("POST", "/v1/cases", {
      body,
      headers: { "content-type": type, "idempotency-key": randomUUID() },
    });
  expect(await send('{"title":')).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining("ends too early") },
  });
  expect(await send("title=x", "application/x-www-form-urlencoded")).toMatchObject({ status: 415 });
  const large = await send(JSON.stringify(opening({ title: "x".repeat(1_100_000) })));
  expect(large).toMatchObject({ status: 413, body: { code: "too_large", limitBytes: 1_048_576 } });
});

test.each([
  "/v1/cases?limit=0",
  "/v1/cases?limit=101",
  "/v1/cases?limit=ten",
  "/v1/cases?colour=red",
  "/v1/cases?status=asleep",
  "/v1/cases?cursor=%00",
  "/v1/cases?cursor=eyJhIjoxfQ",
  "/v1/cases?cursor=WzFlOTksIngiXQ",
  "/v1/cases?carrierCaseId=%00",
  "/v1/cases?timeline=x",
  "/v1/cases/%00",
  "/v1/timelines/%00",
])("intake refuses a malformed address: %s", async (address) => {
  expect(await world.northtel.get(address)).toMatchObject({ status: 400, body: { code: "invalid_request" } });
});

test.each(["/v1/cases/x", `/v1/cases/${newId("cs")}`, "/v1/cases/cs_%F0%9F%92%A9", "/v1/timelines/x"])(
  "a request for an unknown resource gets 404: %s",
  async (address) => {
    expect(await world.northtel.get(address)).toMatchObject({ status: 404, body: { code: "not_found" } });
    if (!address.startsWith("/v1/cases")) return;
    for (const command of ["close", "confirm", "handlings/x/end"]) {
      expect(await world.northtel.post(`${address}/${command}`)).toMatchObject({ status: 404 });
    }
  },
);

test("intake refuses a request without a key, with a wrong key, with a wrong method, and to a wrong address", async () => {
  const keyless = await fetch(`${world.intake.url}/v1/cases`);
  expect(keyless.status).toBe(401);
  expect(await world.client("xl_northtel_wrong").get("/v1/cases")).toMatchObject({ status: 401 });
  expect(await world.northtel.send("PUT", "/v1/cases")).toMatchObject({ status: 405 });
  expect(await world.northtel.get("/v2/cases")).toMatchObject({ status: 404 });
});

test("a refused request changes nothing", async () => {
  const count = async () =>
    world.database.query({
      text: "select (select count(*) from case_record) as cases, (select count(*) from idempotency) as answers",
    });
  const before = await count();
  await world.northtel.post("/v1/cases", opening({ colour: "red" }));
  await world.northtel.post("/v1/cases", opening({ line: "none" }));
  await world.northtel.post(`${path}/reopen`, { code: "other", reason: "x" });
  await world.northtel.post(`${path}/crossings`, { asOf: 99 });
  expect(await count()).toEqual(before);
});

/** Returns every POST route with a JSON body, each with a body that is almost valid. */
const routes = [
  { address: () => "/v1/cases", schema: openCaseRequest, like: () => opening() },
  { address: () => `${path}/contacts`, schema: addContactRequest, like: () => ({ channel: "phone" }) },
  {
    address: () => `${path}/contacts`,
    schema: addContactRequest,
    like: () => ({ channel: "phone", content: "still-broken", person: "rep-1" }),
  },
  {
    address: () => `${path}/corrections`,
    schema: correctRequest,
    like: () => ({
      reason: "x",
      title: "y",
      device: { vendor: "orchard", model: "Handheld 8700" },
      symptom: "dead-device",
      needBy: "2030-01-01T00:00:00Z",
      subject: { imei: "490154203237518" },
    }),
  },
  { address: () => `${path}/handlings`, schema: startHandlingRequest, like: () => ({ channel: "phone" }) },
  { address: () => `${path}/handlings/x/heartbeat`, schema: closeRequest, like: () => ({}) },
  {
    address: () => `${path}/entries`,
    schema: addEntryRequest,
    like: () => ({ kind: "note", text: "x", audience: "internal" }),
  },
  {
    address: () => `${path}/entries`,
    schema: addEntryRequest,
    like: () => ({ kind: "fact", fact: { name: "a", value: "b" } }),
  },
  { address: () => `${path}/status`, schema: changeStatusRequest, like: () => ({ status: "held", note: "x" }) },
  {
    address: () => `${path}/status`,
    schema: changeStatusRequest,
    like: () => ({ status: "pending", note: "x", waitingOn: "customer", code: "parts-on-order", maximum: "PT5H" }),
  },
  {
    address: () => `${path}/entries`,
    schema: addEntryRequest,
    like: () => ({
      kind: "step-tried",
      step: { name: "reboot", outcome: "failed", parameters: { hard: "yes" } },
      again: "asked for",
    }),
  },
  {
    address: () => `${path}/entries`,
    schema: addEntryRequest,
    like: () => ({
      kind: "attachment",
      attachment: {
        name: "log.txt",
        mediaType: "text/plain",
        bytes: 12,
        sha256: "0".repeat(64),
        url: "https://files.northtel.example/log.txt",
      },
    }),
  },
  {
    address: () => "/v1/contacts",
    schema: contactRequest,
    like: () => opening({ subject: { imei: "490154203237518" }, content: "inquiry", handling: {}, person: "rep-1" }),
  },
  { address: () => `${path}/severity`, schema: changeSeverityRequest, like: () => ({ severity: "critical" }) },
  {
    address: () => `${path}/merge`,
    schema: mergeRequest,
    like: () => ({ into: "cs_00000000000000000000000000", reason: "x" }),
  },
  { address: () => `${path}/move`, schema: moveRequest, like: () => ({ line: "handheld", reason: "x" }) },
  {
    address: () => `${path}/promises`,
    schema: promiseRequest,
    like: () => ({ text: "x", until: "2030-01-01T00:00:00Z", for: "need-by" }),
  },
  { address: () => `${path}/promises/pr_x/delivered`, schema: deliverPromiseRequest, like: () => ({ evidence: "x" }) },
  { address: () => `${path}/promises/pr_x/withdrawn`, schema: withdrawPromiseRequest, like: () => ({ reason: "x" }) },
  { address: () => `${path}/close`, schema: closeRequest, like: () => ({ note: "x" }) },
  { address: () => `${path}/reopen`, schema: reopenRequest, like: () => ({ code: "other", reason: "x" }) },
  { address: () => `${path}/crossings`, schema: crossRequest, like: () => ({ asOf: 1 }) },
  { address: () => "/v1/timelines", schema: createTimelineRequest, like: () => ({ kind: "stepped" }) },
  {
    address: () => `/v1/timelines/${timeline}/advance`,
    schema: advanceRequest,
    like: () => ({ to: "2030-01-01T00:00:00Z" }),
  },
  {
    address: () => `/v1/timelines/${timeline}/end`,
    schema: endTimelineRequest,
    like: () => ({ mark: "2030-01-01T00:00:00Z" }),
  },
  { address: () => "/v1/parties", schema: createPartyRequest, like: () => ({ party: "p", kind: "vendor", name: "P" }) },
];

const subjectFields = ["name", "phone", "email", "msisdn", "imei", "esn", "iccid", "customerId", "colour"];
const damage = fc.record({
  key: fc.oneof(
    fc.constantFrom(
      "title",
      "kind",
      "text",
      "audience",
      "asOf",
      "to",
      "person",
      "step",
      "parties",
      "subject",
      "attachment",
      "again",
      "needBy",
      "until",
      "from",
      "maximum",
      "code",
      "line",
      "version",
      "severity",
      "content",
      "direction",
      "channel",
      "handling",
      "symptom",
      "for",
      "device",
      "into",
      "reason",
    ),
    fc.string(),
  ),
  value: fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.string({ unit: "binary" }),
    fc.dictionary(fc.constantFrom(...subjectFields), fc.oneof(fc.string(), fc.stringMatching(/^[0-9 +-]{7,20}$/))),
    fc.dictionary(fc.constantFrom("name", "mediaType", "bytes", "sha256", "url", "parameters"), fc.jsonValue()),
    fc.constantFrom("works", "auto-reply", "outbound", "need-by", null),
    fc.constantFrom("\u0000", "\ud800", -0, 1e308, "1970-01-01T00:00:00Z"),
  ),
});

const request = fc.record({
  route: fc.constantFrom(...routes),
  damages: fc.array(damage, { maxLength: 3 }),
  who: fc.constantFrom("operator", "carrier", "carrier", "vendor"),
});

// The test sends ten requests at a time, because a vendor's request waits two seconds if the case has not crossed to the vendor.
test("every random request gets a well-formed response, and never a 500", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 10, maxLength: 10 }), async (requests) => {
      await Promise.all(
        requests.map(async ({ route, damages, who }) => {
          const body = { ...route.like(), ...Object.fromEntries(damages.map(({ key, value }) => [key, value])) };
          const client = who === "operator" ? world.operator : who === "vendor" ? world.orchard : world.northtel;
          const response = await client.post(route.address(), body);
          expect(response.status).not.toBe(500);
          const wanted = response.status < 400 ? route.schema : problemDocument;
          const content = response.status < 400 ? JSON.parse(JSON.stringify(body)) : response.body;
          expect(wanted.safeParse(content).success).toBe(true);
        }),
      );
    }),
    { numRuns: 30 },
  );
}, 120_000);

test("every import of random rows gets a well-formed response, and never a 500", async () => {
  await world.line("northtel", "measure", "observe");
  const id = (await world.northtel.post("/v1/timelines", { kind: "import" })).body.id;
  const like = { row: 1, carrierCaseId: "A", time: "2016-01-01T00:00:00Z", status: "held" };
  const damagedRow = fc.array(
    fc.record({
      key: fc.oneof(fc.constantFrom("row", "time", "status", "carrierCaseId", "fields", "title", "line"), fc.string()),
      value: fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.string({ unit: "binary" }), fc.integer()),
    }),
    { maxLength: 2 },
  );
  const lines = fc.array(
    fc.oneof(
      damagedRow.map((damages) =>
        JSON.stringify({ ...like, ...Object.fromEntries(damages.map(({ key, value }) => [key, value])) }),
      ),
      fc.string(),
    ),
    { maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(lines, async (rows) => {
      const response = await world.northtel.send("POST", `/v1/timelines/${id}/import?line=measure`, {
        body: rows.join("\n"),
        headers: { "content-type": "application/x-ndjson", "idempotency-key": randomUUID() },
      });
      expect([200, 400, 409, 413, 422]).toContain(response.status);
    }),
    { numRuns: 60 },
  );
}, 120_000);
