import { afterAll, beforeAll, expect, test } from "vitest";
import { type World, createWorld, opening, waitFor } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld({ outboxLimit: 100 });
});
afterAll(() => world.stop());

const rowsOf = (carrierCaseId: string) =>
  world.database.query<{ id: string }>({
    text: "select id from case_record where carrier_case_id = $1",
    values: [carrierCaseId],
  });

test("a case, its event and its response are stored in one transaction", async () => {
  const trace = `
    create table trace (cases bigint, events bigint, responses bigint);
    create function trace() returns trigger language plpgsql as $$ begin
      insert into trace select
        (select count(*) from case_record where carrier_case_id = 'D-1'),
        (select count(*) from outbox where body like '%D-1%'),
        (select count(*) from idempotency where key = 'd-1');
      return null; end $$;
    create constraint trigger trace after insert on case_record deferrable initially deferred
      for each row when (new.carrier_case_id = 'D-1') execute function trace()`;
  await world.database.query({ text: trace });
  const opened = await world.northtel.post("/v1/cases", opening({ carrierCaseId: "D-1" }), {
    "idempotency-key": "d-1",
  });
  expect(opened.status).toBe(201);
  expect(await world.database.query({ text: "select * from trace" })).toEqual([{ cases: 1, events: 1, responses: 1 }]);
  await world.database.query({ text: "drop table trace cascade; drop function trace cascade" });
});

test("a command whose client has gone before its turn leaves no trace, and its repetition is executed", async () => {
  const { key } = (await world.operator.post("/v1/parties/northtel/keys", {})).body;
  const [taken, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = world.database.transaction(async (tx) => {
    await tx.query({ text: "lock table idempotency in access exclusive mode" });
    taken.resolve();
    await released.promise;
  });
  await taken.promise;
  const body = opening({ carrierCaseId: "D-3" });
  const once = { "idempotency-key": "d-3" };
  const leaving = new AbortController();
  const gone = fetch(new URL("/v1/cases", world.intake.url), {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...once },
    body: JSON.stringify(body),
    signal: leaving.signal,
  });
  await waitFor(async () => {
    const waiting = await world.database.query({
      text: "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%idempotency.%' and datname = current_database()",
    });
    return waiting.length > 0;
  });
  leaving.abort();
  await expect(gone).rejects.toThrow("aborted");
  // Intake answers these requests after it has noticed the end of the connection.
  for (let reads = 0; reads < 3; reads++) expect((await world.northtel.get("/v1/cases")).status).toBe(200);
  released.resolve();
  await holding;
  expect((await world.northtel.post("/v1/cases", opening({ carrierCaseId: "D-4" }))).status).toBe(201);
  expect(await rowsOf("D-3")).toEqual([]);
  const again = await world.northtel.post("/v1/cases", body, once);
  expect(again.status).toBe(201);
  expect(again.headers.get("idempotent-replayed")).toBeNull();
});

test("if the connection is lost before the commit, nothing is stored, and the same request succeeds later", async () => {
  // The lock stops the transaction at its insert, and the test then ends the connection. The lock allows reads, because intake polls
  // the outbox.
  const holder = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const blocking = world.database.transaction(async (tx) => {
    await tx.query({ text: "lock table outbox in share mode" });
    held.resolve();
    await holder.promise;
  });
  await held.promise;
  const body = opening({ carrierCaseId: "D-2" });
  const once = { "idempotency-key": "d-2" };
  const cut = world.northtel.post("/v1/cases", body, once);
  const victim = await waitFor(async () => {
    const [row] = await world.database.query<{ pid: number }>({
      text: "select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%outbox.append%' and datname = current_database()",
    });
    return row;
  });
  await world.database.query({ text: "select pg_terminate_backend($1)", values: [victim.pid] });
  expect(await cut).toMatchObject({ status: 503, body: { code: "unavailable" } });
  holder.resolve();
  await blocking;
  expect(await rowsOf("D-2")).toEqual([]);
  const again = await world.northtel.post("/v1/cases", body, once);
  expect(again.status).toBe(201);
  await waitFor(() => world.eventTypes(again.body.id).length === 1);
});

test("if intake cannot write a request, the other requests of the same transaction succeed", async () => {
  await world.database.query({
    text: "alter table case_record add constraint no_luck check (carrier_case_id <> 'D-bad') not valid",
  });
  const responses = await Promise.all(
    Array.from({ length: 9 }, (_, index) =>
      world.northtel.post("/v1/cases", opening({ carrierCaseId: index === 4 ? "D-bad" : `D-good-${index}` })),
    ),
  );
  expect(responses.map(({ status }) => status)).toEqual([201, 201, 201, 201, 500, 201, 201, 201, 201]);
  await world.database.query({ text: "alter table case_record drop constraint no_luck" });
});

test("while the outbox is full, a POST gets 503 with a time to retry, reads succeed, and an import waits", async () => {
  await world.line("northtel", "measure", "observe");
  const { id } = (await world.northtel.post("/v1/timelines", { kind: "import" })).body;
  // The test replaces the table `outbox` by a view of 200 rows. The relay does not send the rows of a view.
  const filling = world.database.transaction(async (tx) => {
    await tx.query({ text: "select pg_advisory_xact_lock(1)" });
  });
  await filling;
  await world.database.query({
    text: `alter table outbox rename to real_outbox;
      create table outbox (like real_outbox including all)`,
  });
  await world.database.query({
    text: `insert into outbox (topic, key, headers, body) select 'none', 'x', '{}', '{}' from generate_series(1, 200);
      alter table outbox rename to full_outbox;
      create view outbox as select * from full_outbox`,
  });
  const refused = await waitFor(async () => {
    const response = await world.northtel.post("/v1/cases", opening());
    return response.status === 503 ? response : undefined;
  });
  expect(refused.body).toMatchObject({ code: "overloaded" });
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await world.northtel.get("/v1/cases")).status).toBe(200);
  let isEndedView = false;
  const importing = world.northtel
    .send("POST", `/v1/timelines/${id}/import?line=measure`, {
      headers: { "content-type": "application/x-ndjson", "idempotency-key": "i" },
      body: `{"row":1,"carrierCaseId":"A","time":"2016-01-01T00:00:00Z","status":"held"}\n`,
    })
    .finally(() => {
      isEndedView = true;
    });
  await waitFor(async () => (await world.northtel.get("/v1/cases?limit=1")).status === 200);
  expect(isEndedView).toBe(false);
  await world.database.query({
    text: "drop view outbox; drop table full_outbox; alter table real_outbox rename to outbox",
  });
  expect(await importing).toMatchObject({ status: 200, body: { importedRows: 1 } });
});

test("after a restart, the relay sends the messages of accepted requests", async () => {
  const opened = await world.northtel.post("/v1/cases", opening());
  await world.restart();
  await waitFor(() => world.eventTypes(opened.body.id).length >= 1);
  expect((await world.northtel.get(opened.body.links.self)).status).toBe(200);
});
