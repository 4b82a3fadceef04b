import { type Chassis, type ServiceRooms, defineService, migrationsOf, startService } from "@crossline/chassis";
import { topics } from "@crossline/contracts";
import { memoryBroker } from "@crossline/messaging";
import { type Database, connect } from "@crossline/postgres";
import { type Loop, baseConfig, createLogger, startLoop } from "@crossline/service";
import { freshDatabase } from "@crossline/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";

const log = createLogger("chassis-test", "silent");
let database: Database;
let drop: () => Promise<void>;
let happened: string[];
beforeAll(async () => {
  const fresh = await freshDatabase("messaging");
  database = connect(fresh.options("messaging"));
  drop = () => fresh.drop();
});
beforeEach(() => {
  happened = [];
});
afterAll(async () => {
  await database.close();
  await drop();
});

type Handles = { readonly answer: number };

const rooms = ({
  life,
  addWorker,
  watchWorker,
}: Chassis): Required<Pick<ServiceRooms<Handles>, "apply" | "prepare" | "workers" | "routes" | "onStopping">> => ({
  apply: async () => undefined,
  prepare: async () => void happened.push("prepare"),
  workers() {
    addWorker("plain worker", { stop: async () => void happened.push("stop plain worker") });
    watchWorker("watched worker", workerThat("ends"), "database");
    return { answer: 42 };
  },
  routes(_http, _running, { answer }) {
    happened.push(`routes ${answer}`);
    life.add("proxy", () => happened.push("stop proxy"));
  },
  onStopping: () => void happened.push("waits end"),
});

function workerThat(what: "ends" | "fails"): Loop {
  const loop = startLoop({
    name: what,
    log,
    backOff: { firstMs: 1, longestMs: 1 },
    run: async () => {
      if (what === "fails") throw new Error("the database is not there");
      return { sleepMs: 1_000 };
    },
  });
  return { ...loop, stop: () => loop.stop().then(() => void happened.push("stop watched worker")) };
}

function start(
  change: (chassis: Chassis) => Partial<ServiceRooms<Handles>> = () => ({}),
  connection: Database = database,
) {
  const service = defineService({
    name: "probe",
    openapi: { title: "Crossline probe", description: "A service of these tests." },
    config: z.object(baseConfig({ port: 0 })),
    settings: () => ({}),
    migrations: migrationsOf(import.meta),
    reads: { topics: [topics.case], types: new Set(["case.opened"]) },
    publishes: [],
    build: (chassis: Chassis): ServiceRooms<Handles> => ({ ...rooms(chassis), ...change(chassis) }),
  });
  const settings = { internalKey: "internal-key-of-these-tests", partitions: 1 };
  return startService(service, { database: connection, broker: memoryBroker({ log }), log, settings });
}

test("components stop in the reverse order of their start; `routes` and the caller of `startService` get the handles from `workers`", async () => {
  const started = await start();
  expect(started.answer).toBe(42);
  expect(happened).toEqual(["prepare", "routes 42"]);
  expect(await started.stop()).toBe(true);
  expect(happened.slice(2)).toEqual(["waits end", "stop proxy", "stop watched worker", "stop plain worker"]);
});

test.each([
  ["prepare", () => ({ prepare: () => Promise.reject(new Error("no luck")) }), []],
  ["workers", ({ addWorker }: Chassis) => ({ workers: () => failAfter(addWorker) }), ["stop first worker"]],
  [
    "routes",
    () => ({
      routes: () => {
        throw new Error("no luck");
      },
    }),
    ["stop watched worker", "stop plain worker"],
  ],
] as const)("if %s fails, the start rejects and the started components stop", async (_, change, stopped) => {
  await expect(start(change)).rejects.toThrow("no luck");
  expect(happened.filter((one) => one.startsWith("stop"))).toEqual(stopped);
});

test("a service is ready only while the passes of its database worker succeed", async () => {
  const started = await start(({ watchWorker }) => ({
    workers() {
      watchWorker("failing worker", workerThat("fails"), "database");
      return { answer: 0 };
    },
  }));
  const readHealth = async (kind: string) => (await fetch(`${started.url}/health/${kind}`)).json();
  expect(await readHealth("live")).toMatchObject({ checks: { "failing worker": "ok" } });
  await expect
    .poll(() => readHealth("ready"), { timeout: 15_000, interval: 500 })
    .toMatchObject({
      checks: { database: expect.stringContaining("no pass has succeeded") },
    });
  await started.stop();
});

test("a service with a database worker is not ready while the database sends nothing", async () => {
  let isFrozen = false;
  const frozen: Database = {
    ...database,
    query: (statement) =>
      isFrozen && statement.text.includes("probe.ping") ? new Promise<never>(() => {}) : database.query(statement),
  };
  const started = await start(undefined, frozen);
  expect((await fetch(`${started.url}/health/ready`)).status).toBe(200);
  isFrozen = true;
  const response = await fetch(`${started.url}/health/ready`);
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ checks: { database: "no result within 2000 ms" } });
  await started.stop();
});

test("a client without a key reads the version; without a commit the response has none", async () => {
  const started = await start();
  const response = await fetch(`${started.url}/version`);
  expect(response.status).toBe(200);
  const { node } = process.versions;
  expect(await response.json()).toEqual({ name: "probe", version: expect.stringMatching(/^\d+\.\d+\.\d+$/), node });
  const metrics = await (await fetch(`${started.url}/metrics`)).text();
  expect(metrics).toMatch(/^crossline_build_info\{version="[\d.]+",commit="",node="[\d.]+",service="probe"\} 1$/m);
  await started.stop();
});

function failAfter(addWorker: Chassis["addWorker"]): never {
  addWorker("first worker", { stop: async () => void happened.push("stop first worker") });
  throw new Error("no luck");
}

test("a service with a route under /v1 without a scope does not start", async () => {
  const withRoute = (url: string) => start(() => ({ routes: (http) => void http.post(url, async () => ({})) }));
  await expect(withRoute("/v1/an-unknown-room")).rejects.toThrow("The route POST /v1/an-unknown-room has no scope");
  expect(await (await withRoute("/v1/cases")).stop()).toBe(true);
});
