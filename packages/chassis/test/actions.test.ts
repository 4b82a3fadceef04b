import {
  type Chassis,
  type ServiceRooms,
  type StartedService,
  defineService,
  migrationsOf,
  startService,
} from "@crossline/chassis";
import { type EventData, refusal, topics } from "@crossline/contracts";
import { type Broker, type WireRecord, memoryBroker } from "@crossline/messaging";
import { type Database, connect } from "@crossline/postgres";
import { type Caller, type FastifyRequest, type Http, baseConfig, createLogger, send } from "@crossline/service";
import { freshDatabase, waitFor } from "@crossline/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";

/*
 * The chassis records the commands and reads of a service whose routes know nothing about the action log. The broker refuses every record
 * until a test lets it send.
 */

const log = createLogger("actions-test", "silent");
let database: Database;
let drop: () => Promise<void>;
let service: StartedService;
let sent: WireRecord[];
let isOpen: boolean;

beforeEach(async () => {
  const fresh = await freshDatabase("messaging");
  database = connect(fresh.options("messaging"));
  drop = () => fresh.drop();
  await database.query({ text: "create table thing (id text primary key, times integer not null default 1)" });
  await database.query({ text: "insert into thing (id) values ('old')" });
  sent = [];
  isOpen = false;
  service = await start();
});
afterEach(async () => {
  await service.stop();
  await database.close();
  await drop();
});

function start(): Promise<StartedService> {
  const carried = memoryBroker({ log });
  const broker: Broker = {
    ...carried,
    send: async (records) => {
      if (!isOpen) throw new Error("the broker is down");
      sent.push(...records);
    },
  };
  const definition = defineService({
    name: "probe",
    openapi: { title: "Crossline probe", description: "A service of these tests." },
    config: z.object(baseConfig({ port: 0 })),
    settings: () => ({}),
    migrations: migrationsOf(import.meta),
    reads: { topics: [topics.case], types: new Set(["case.opened"]) },
    publishes: [],
    build: ({ database: own }: Chassis): ServiceRooms => ({
      apply: async () => undefined,
      routes: (http) => serveThings(http, own),
    }),
  });
  const settings = { internalKey: "internal-key-of-these-tests", partitions: 1 };
  return startService(definition, { database, broker, log, settings });
}

const insert = (id: string) => ({ text: "insert into thing (id) values ($1) on conflict do nothing", values: [id] });

/** Each route writes in another way. The first part of an address decides whether its commands are facts of cases. */
function serveThings(http: Http, own: Database): void {
  const onRequest = async (request: FastifyRequest): Promise<void> => {
    const [party = "", kind] = (request.headers["x-caller"] as string).split(" ");
    request.caller = { party, kind: (kind ?? "carrier") as Caller["kind"], keyId: `key_${party}` };
  };
  const params = z.object({ id: z.string() });
  const route = { onRequest, schema: { params, hide: true } };
  http.post("/v1/lines/:id", route, async ({ params: { id } }) => own.transaction((tx) => tx.query(insert(id))));
  http.post("/v1/skills/:id", route, async ({ params: { id } }) => own.query(insert(id)));
  http.post("/v1/cases/:id", route, async ({ params: { id } }) => own.transaction((tx) => tx.query(insert(id))));
  http.post("/v1/calendars/:id", route, async () =>
    own.transaction((tx) => tx.query({ text: "select id from thing where id = 'old' for update" })),
  );
  http.post("/v1/canaries/:id", route, async ({ params: { id } }) => {
    await own.transaction((tx) => tx.query(insert(id)));
    await Promise.all(["a", "b"].map((part) => own.transaction((tx) => tx.query(insert(`${id}-${part}`)))));
    return {};
  });
  http.post("/v1/rosters/:id", route, async ({ params: { id } }, reply) => {
    const result = await own.transaction(async (tx) => {
      await tx.query(insert(id));
      return refusal("not_found", "There is no such thing.");
    });
    return send(reply as never, 200 as never, result as never);
  });
  http.post("/v1/timelines/:id", route, async ({ params: { id } }) =>
    own.transaction(async (tx) => {
      await tx.query(insert(id));
      throw new Error("the work fails");
    }),
  );
  http.delete("/v1/parties/:party/keys/:id", { onRequest, schema: { hide: true } }, async (request) =>
    own.transaction((tx) => tx.query(insert((request.params as { id: string }).id))),
  );
  http.get("/v1/lines/:id", route, async () => ({}));
}

const call = (method: string, path: string, caller = "northtel"): Promise<Response> =>
  fetch(`${service.url}${path}`, { method, headers: { "x-caller": caller } });

type ActionRow = EventData<"action.taken"> & { readonly xmin: string };

/** Returns the recorded commands, each with the transaction that wrote it. */
async function taken(): Promise<ActionRow[]> {
  const rows = await database.query<{ body: string; xmin: string }>({
    text: "select body, xmin::text as xmin from outbox where headers like '%action.taken%' order by id",
  });
  return rows.map(({ body, xmin }) => ({ ...(JSON.parse(body) as ActionRow), xmin }));
}

test("a command is recorded in the transaction that wrote its effect, and is sent after a restart", async () => {
  expect((await call("POST", "/v1/lines/new")).status).toBe(200);
  const [thing] = await database.query<{ xmin: string }>({
    text: "select xmin::text as xmin from thing where id = 'new'",
  });
  const [action] = await taken();
  // One transaction wrote both, so a crash at any instant keeps both or neither.
  expect(action).toMatchObject({
    xmin: thing?.xmin,
    service: "probe",
    actor: { party: "northtel", keyId: "key_northtel" },
    operation: "POST /v1/lines/:id",
    address: "/v1/lines/new",
  });
  await service.stop();
  expect(sent).toEqual([]);
  isOpen = true;
  service = await start();
  await waitFor(() => sent.some(({ headers }) => headers["ce_type"] === "crossline.action.taken.v1"));
});

test("a statement outside a transaction is recorded too", async () => {
  await call("POST", "/v1/skills/single");
  const [thing] = await database.query<{ xmin: string }>({
    text: "select xmin::text as xmin from thing where id = 'single'",
  });
  expect((await taken()).map(({ xmin }) => xmin)).toEqual([thing?.xmin]);
});

test("a command that changes nothing, is refused or fails is not recorded", async () => {
  expect((await call("POST", "/v1/lines/old")).status).toBe(200);
  expect((await call("POST", "/v1/calendars/old")).status).toBe(200);
  expect((await call("POST", "/v1/rosters/x")).status).toBe(404);
  expect((await call("POST", "/v1/timelines/x")).status).toBe(500);
  expect(await taken()).toEqual([]);
});

test("a command on a case is not recorded, because its facts are", async () => {
  expect((await call("POST", "/v1/cases/one")).status).toBe(200);
  expect(await taken()).toEqual([]);
});

test("a command with several transactions is one action, and concurrent commands keep their own callers", async () => {
  await call("POST", "/v1/canaries/many");
  expect(new Set((await taken()).map(({ address }) => address))).toEqual(new Set(["/v1/canaries/many"]));
  expect(await taken()).toHaveLength(1);
  const callers = Array.from({ length: 20 }, (_, index) => `company-${index}`);
  await Promise.all(callers.map((caller, index) => call("POST", `/v1/lines/of-${index}`, caller)));
  const lines = (await taken()).slice(1);
  expect(lines).toHaveLength(20);
  for (const { actor, address } of lines) expect(address).toBe(`/v1/lines/of-${actor.party.split("-")[1]}`);
});

test("a command of the operator names the company of its address", async () => {
  await call("DELETE", "/v1/parties/orchard/keys/k1", "operator operator");
  await call("DELETE", "/v1/parties/northtel/keys/k2", "northtel");
  await call("POST", "/v1/lines/of-northtel?carrier=northtel", "operator operator");
  await call("POST", "/v1/lines/of-quill?carrier=northtel", "quill");
  expect((await taken()).map(({ about }) => about)).toEqual(["orchard", undefined, "northtel", undefined]);
});

test("reads gather, and a caller's further reads of an address are not recorded", async () => {
  for (const caller of ["northtel", "northtel", "orchard"]) await call("GET", "/v1/lines/old?secret=1", caller);
  await call("GET", "/v1/lines/%6Fld", "northtel");
  await call("GET", "/v1/nothing", "northtel");
  const bodies = await waitFor(async () => {
    const rows = await database.query<{ body: string }>({
      text: "select body from outbox where headers like '%action.read%'",
    });
    return rows.length > 0 ? rows.map(({ body }) => JSON.parse(body) as EventData<"action.read">) : undefined;
  });
  const reads = bodies.flatMap((body) => body.reads);
  expect(reads.filter(({ actor }) => actor.party === "orchard")).toHaveLength(1);
  expect(new Set(reads.map(({ address }) => address))).toEqual(new Set(["/v1/lines/old"]));
  expect(JSON.stringify(bodies)).not.toContain("secret");
});

test("a stop saves the reads that wait", async () => {
  await call("GET", "/v1/lines/old");
  await service.stop();
  const [row] = await database.query<{ count: number }>({
    text: "select count(*) as count from outbox where headers like '%action.read%'",
  });
  expect(row?.count).toBe(1);
  service = await start();
});
