import { once } from "node:events";
import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiResponse, type World, createWorld, opening, partitions, waitFor } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.line("northtel", "measure", "observe");
  await world.line("northtel", "crossing", "cross");
});
afterAll(() => world.stop());

const created = async () => (await world.northtel.post("/v1/timelines", { kind: "import" })).body.id as string;
const time = (minute: number) => Temporal.Instant.from("2016-02-29T01:00:00Z").add({ minutes: minute }).toString();
const row = (number: number, carrierCaseId: string, minute: number, more: Record<string, unknown> = {}) => ({
  row: number,
  carrierCaseId,
  time: time(minute),
  status: "inProgress",
  fields: { group: "g" },
  ...more,
});
const toLines = (rows: readonly unknown[]) => rows.map((each) => `${JSON.stringify(each)}\n`).join("");

function send(id: string, body: string, query = "?line=measure"): Promise<ApiResponse> {
  return world.northtel.send("POST", `/v1/timelines/${id}/import${query}`, {
    headers: { "content-type": "application/x-ndjson", "idempotency-key": crypto.randomUUID() },
    body,
  });
}

test("a carrier imports a history row by row and ends the import at a mark", async () => {
  const id = await created();
  const rows = [
    row(1, "INC1", 0, { status: "acknowledged" }),
    row(2, "INC2", 1),
    row(3, "INC1", 5, { person: "resolver-7" }),
    row(4, "INC1", 5, { status: "closed" }),
    row(5, "INC1", 9, { status: "inProgress" }),
  ];
  expect(await send(id, toLines(rows))).toMatchObject({
    status: 200,
    body: { importedRows: 5, taken: 5, skipped: 0, casesOpened: 2 },
  });
  const { items } = (await world.northtel.get(`/v1/cases?timeline=${id}`)).body;
  expect(items).toMatchObject([
    { carrierCaseId: "INC2", status: "inProgress" },
    { carrierCaseId: "INC1", status: "inProgress", line: { name: "measure" }, version: 4, lastEventAt: time(9) },
  ]);
  const caseId = items[1].id as string;
  await waitFor(() => world.eventTypes(caseId).length === 4);
  expect(world.events.filter(({ key }) => key === caseId)).toMatchObject([
    { type: "case.opened", sequence: 1, data: { status: "acknowledged", fields: { group: "g" } } },
    {
      type: "case.recorded",
      sequence: 2,
      data: { actor: { party: "northtel", person: "resolver-7", automated: false } },
    },
    { type: "case.recorded", sequence: 3, data: { status: "closed" } },
    { type: "case.recorded", sequence: 4, data: { status: "inProgress" } },
  ]);
  expect(await world.northtel.post(`/v1/timelines/${id}/end`, { mark: time(8) })).toMatchObject({
    status: 409,
    body: { code: "too_early" },
  });
  const ended = await world.northtel.post(`/v1/timelines/${id}/end`, { mark: time(60) });
  expect(ended).toMatchObject({ status: 200, body: { mark: time(60), importedRows: 5, endedAt: expect.any(String) } });
  await waitFor(
    () =>
      world.events.filter(({ timeline, type }) => timeline === id && type === "timeline.marked").length === partitions,
  );
  expect(await send(id, toLines([row(6, "INC3", 70)]))).toMatchObject({
    status: 409,
    body: { code: "timeline_ended" },
  });
  expect(await world.northtel.post(`/v1/timelines/${id}/end`, { mark: time(60) })).toMatchObject({ status: 409 });
});

test("an import accepts no commands and no openings", async () => {
  const id = await created();
  await send(id, toLines([row(1, "INC1", 0)]));
  const { items } = (await world.northtel.get(`/v1/cases?timeline=${id}`)).body;
  expect(await world.northtel.post(`/v1/cases/${items[0].id}/close`)).toMatchObject({ status: 409 });
  expect(await world.northtel.post("/v1/cases", opening({ timeline: id }))).toMatchObject({ status: 409 });
});

test("an import skips imported rows, so that a client can repeat the import from the start", async () => {
  const id = await created();
  const rows = Array.from({ length: 2500 }, (_, index) => row(index + 1, `INC${index % 40}`, index));
  expect((await send(id, toLines(rows.slice(0, 1200)))).body).toMatchObject({ importedRows: 1200 });
  expect((await send(id, toLines(rows))).body).toMatchObject({ importedRows: 2500, taken: 1300, skipped: 1200 });
  const [counts] = await world.database.query<{ count: number; versions: number }>({
    text: `select count(*) as count, sum((state ->> 'sequence')::int) as versions from case_record where timeline = $1`,
    values: [id],
  });
  expect(counts).toEqual({ count: 40, versions: 2500 });
});

test.for<[name: string, rows: object[], importedRows: number, status: number, body: object]>([
  ["a gap", [row(1, "A", 0), row(3, "A", 1)], 1, 400, { row: 3, fields: [{ at: "/row" }] }],
  [
    "a row before its case's last",
    [row(1, "A", 5), row(2, "B", 0), row(3, "A", 4)],
    2,
    400,
    { row: 3, fields: [{ at: "/time" }] },
  ],
  [
    "an unknown status",
    [row(1, "A", 0), row(2, "A", 1, { status: "asleep" })],
    1,
    400,
    { row: 2, fields: [{ at: "/status" }] },
  ],
  ["an unknown field", [row(1, "A", 0, { colour: "red" })], 0, 400, { row: 1, fields: [{ at: "/colour" }] }],
  [
    "an impossible date",
    [row(1, "A", 0, { time: "2016-02-30T00:00:00Z" })],
    0,
    400,
    { row: 1, fields: [{ at: "/time" }] },
  ],
  ["an unknown line", [row(1, "A", 0, { line: "none" })], 0, 422, { row: 1, code: "unknown_line" }],
  ["a line that crosses", [row(1, "A", 0), row(2, "B", 0, { line: "crossing" })], 1, 422, { row: 2 }],
  [
    "a row that is too large",
    [row(1, "A", 0), row(2, "A", 1, { fields: { x: "y".repeat(70_000) } })],
    1,
    413,
    { row: 2 },
  ],
])("intake refuses %s by its row and imports the rows before it", async ([, rows, importedRows, status, body]) => {
  const id = await created();
  const response = await send(id, toLines(rows));
  expect(response).toMatchObject({ status, body: { ...body, importedRows } });
  expect((await world.northtel.get(`/v1/timelines/${id}`)).body.importedRows).toBe(importedRows);
});

test("intake refuses damaged rows and bytes that are not text, and accepts an import without rows", async () => {
  const id = await created();
  expect(await send(id, `${JSON.stringify(row(1, "A", 0))}\n{"row": 2,`)).toMatchObject({
    status: 400,
    body: { row: 2 },
  });
  expect(await send(id, "\n\n")).toMatchObject({ status: 200, body: { taken: 0 } });
  const binary = await world.northtel.send("POST", `/v1/timelines/${id}/import?line=measure`, {
    headers: { "content-type": "application/x-ndjson", "idempotency-key": "b" },
    body: new Uint8Array([0x7b, 0xff, 0xfe, 0x7d, 0x0a]),
  });
  expect(binary).toMatchObject({ status: 400, body: { row: 2 } });
  const nul = await send(
    id,
    `{"row":2,"carrierCaseId":"A","time":"${time(9)}","status":"held","fields":{"x":"\\u0000"}}\n`,
  );
  expect(nul).toMatchObject({ status: 400, body: { row: 2 } });
});

test("intake refuses a malformed import request", async () => {
  const id = await created();
  const json = await world.northtel.post(`/v1/timelines/${id}/import?line=measure`, {});
  expect(json).toMatchObject({ status: 415, body: { code: "unsupported_media_type" } });
  expect(await send(id, "", "?line=none")).toMatchObject({ status: 422, body: { code: "unknown_line" } });
  expect(await send(id, "", "?line=crossing")).toMatchObject({ status: 422, body: { code: "unknown_line" } });
  expect(await send(id, "", "?colour=red")).toMatchObject({ status: 400 });
  const keyless = await world.northtel.send("POST", `/v1/timelines/${id}/import`, {
    headers: { "content-type": "application/x-ndjson" },
    body: "",
  });
  expect(keyless).toMatchObject({ status: 400, body: { code: "missing_idempotency_key" } });
});

/** A request whose body the test sends in parts. */
function streaming(id: string, key: string) {
  const answered = Promise.withResolvers<number>();
  const outgoing = request(
    `${world.intake.url}/v1/timelines/${id}/import?line=measure`,
    {
      method: "POST",
      headers: { authorization: key, "content-type": "application/x-ndjson", "idempotency-key": crypto.randomUUID() },
    },
    (response) => {
      response.resume();
      answered.resolve(response.statusCode ?? 0);
    },
  );
  outgoing.on("error", (error) => answered.reject(error));
  return { outgoing, answered: answered.promise };
}

test("intake limits the concurrent imports of a carrier, and other carriers can still import", async () => {
  const keyResponse = await world.operator.post("/v1/parties/northtel/keys");
  const ids = await Promise.all(Array.from({ length: 5 }, created));
  const imports = ids.map((id) => streaming(id, `Bearer ${keyResponse.body.key}`));
  for (const { outgoing } of imports) outgoing.write(toLines([row(1, "INC1", 1)]));
  expect(await Promise.race(imports.map(({ answered }) => answered))).toBe(503);
  const theirs = (await world.lumen.post("/v1/timelines", { kind: "import" })).body.id as string;
  const headers = { "content-type": "application/x-ndjson", "idempotency-key": "k" };
  expect((await world.lumen.send("POST", `/v1/timelines/${theirs}/import`, { headers, body: "" })).status).toBe(200);
  for (const { outgoing } of imports) outgoing.end();
  const statuses = await Promise.all(imports.map(({ answered }) => answered));
  expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 200, 200, 200, 503]);
  expect((await send(await created(), "")).status).toBe(200);
});

test("a concurrent import is refused, and an interrupted import continues after the last imported row", async () => {
  const id = await created();
  const keyResponse = await world.operator.post("/v1/parties/northtel/keys");
  const { outgoing, answered } = streaming(id, `Bearer ${keyResponse.body.key}`);
  answered.catch(() => {});
  const rows = Array.from({ length: 1500 }, (_, index) => row(index + 1, `INC${index}`, index));
  outgoing.write(toLines(rows));
  const imported = async () => (await world.northtel.get(`/v1/timelines/${id}`)).body.importedRows as number;
  await waitFor(async () => (await imported()) >= 1000);
  expect(await send(id, toLines(rows))).toMatchObject({ status: 409, body: { code: "import_in_progress" } });
  expect(await world.northtel.post(`/v1/timelines/${id}/end`, { mark: time(9999) })).toMatchObject({ status: 409 });
  outgoing.destroy();
  const from = await imported();
  const resumed = await waitFor(async () => {
    const response = await send(id, toLines(rows.slice(from)));
    return response.status === 200 ? response : undefined;
  });
  expect(resumed.body).toMatchObject({ importedRows: 1500, taken: 1500 - from });
  const counted = await world.database.query({
    text: `select 1 from case_record where timeline = $1 and state ->> 'sequence' = '1'`,
    values: [id],
  });
  expect(counted).toHaveLength(1500);
});

test("after intake refuses an import halfway, the same connection serves the next request", async () => {
  const id = await created();
  const { key } = (await world.operator.post("/v1/parties/northtel/keys")).body;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async (method: string, path: string, body: string) => {
    const headers = {
      authorization: `Bearer ${key}`,
      "content-type": "application/x-ndjson",
      "idempotency-key": crypto.randomUUID(),
    };
    const httpRequest = request(new URL(path, world.intake.url), { method, agent, headers });
    httpRequest.end(body);
    const [response] = await once(httpRequest, "response", { signal: AbortSignal.timeout(5_000) });
    return [response.statusCode, JSON.parse(await text(response)).code ?? "fine"];
  };
  const rest = toLines([row(2, "INC1", 1)]).repeat(20_000);
  expect(await ask("POST", `/v1/timelines/${id}/import`, `no row\n${rest}`)).toEqual([400, "invalid_request"]);
  expect(await ask("GET", `/v1/timelines/${id}`, "")).toEqual([200, "fine"]);
  agent.destroy();
});

test("every request about a case in another carrier's import gets 404", async () => {
  const id = await created();
  await send(id, toLines([row(1, "INC1", 0)]));
  const [{ id: caseId }] = (await world.northtel.get(`/v1/cases?timeline=${id}`)).body.items;
  const linked = await world.northtel.post(`/v1/cases/${caseId}/customer-links`);
  expect(linked).toMatchObject({ status: 409, body: { code: "timeline_ended" } });
  const close = `/v1/cases/${caseId}/close`;
  expect(await world.northtel.post(close)).toMatchObject({ body: { code: "timeline_ended" } });
  expect(await world.lumen.post(close)).toMatchObject({ status: 404, body: { code: "not_found" } });
});

test("after a removal, an import is unknown, its rows are deleted, and every partition gets the event", async () => {
  const id = await created();
  await send(id, toLines([row(1, "GONE1", 0), row(2, "GONE2", 1)]));
  const { items } = (await world.northtel.get(`/v1/cases?timeline=${id}`)).body;
  const remove = (who: typeof world.northtel, which = id) => who.send("DELETE", `/v1/timelines/${which}`, {});
  expect(await remove(world.orchard)).toMatchObject({ status: 404 });
  expect(await remove(world.northtel, "wall")).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  const stepped = (await world.northtel.post("/v1/timelines", { kind: "stepped" })).body.id as string;
  expect(await remove(world.northtel, stepped)).toMatchObject({ status: 400 });
  const listed = (await world.northtel.get("/v1/timelines?limit=100")).body.items as { id: string }[];
  expect(listed.map((timeline) => timeline.id)).toEqual(expect.arrayContaining([id, stepped]));
  expect((await world.orchard.get("/v1/timelines")).body).toEqual({ items: [] });
  expect(await remove(world.operator)).toMatchObject({ status: 204 });
  expect(await remove(world.operator)).toMatchObject({ status: 404, body: { code: "not_found" } });
  expect(await world.northtel.get(`/v1/timelines/${id}`)).toMatchObject({ status: 404 });
  expect(await send(id, toLines([row(3, "GONE1", 9)]))).toMatchObject({ status: 404 });
  expect(await world.northtel.post(`/v1/timelines/${id}/end`, { mark: time(60) })).toMatchObject({ status: 404 });
  await waitFor(
    () =>
      world.events.filter(({ timeline, type }) => timeline === id && type === "timeline.removed").length === partitions,
  );
  await waitFor(async () => (await world.northtel.get(`/v1/cases/${items[0].id}`)).status === 404);
});
