import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { type Message, newId, topics } from "@crossline/contracts";
import { kafkaBroker, toWire } from "@crossline/messaging";
import { createLogger } from "@crossline/service";
import { freshDatabase, privateKafka, waitFor } from "@crossline/testing";
import { expect, onTestFinished, test } from "vitest";

const source = resolve(import.meta.dirname, "tally/src");
const internalKey = "internal-key-of-these-tests";
const kafka = await privateKafka();

test("CONTRIBUTING shows the service of this test in 20 rows", () => {
  const contributing = readFileSync(resolve(import.meta.dirname, "../../../CONTRIBUTING.md"), "utf8");
  const app = readFileSync(resolve(source, "app.ts"), "utf8");
  expect(contributing).toContain(app);
  expect(app.trimEnd().split("\n").length).toBeLessThanOrEqual(20);
});

test.each([
  [{}, "DATABASE_URL is missing"],
  [{ DATABASE_URL: "postgres://localhost/any", INTERNAL_KEY: internalKey, BROKER: "memory" }, "tally needs Kafka"],
  [
    { DATABASE_URL: "postgres://localhost/any", INTERNAL_KEY: "for-a-first-look-only-internal" },
    "INTERNAL_KEY contains a public default",
  ],
])("a process with the environment %j names the fault and exits with 78", async (env, sentence) => {
  const child = spawn(process.execPath, [resolve(source, "main.ts")], { env, stdio: ["ignore", "ignore", "pipe"] });
  let output = "";
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  expect(await once(child, "exit")).toEqual([78, null]);
  expect(output).toContain(sentence);
});

test.skipIf(kafka === undefined)(
  "a service of 20 rows reads, responds, reports, parks, retries and stops like every other service",
  { timeout: 60_000 },
  async () => {
    const fresh = await freshDatabase("tally");
    const brokers = kafka?.brokers ?? [];
    const port = await freePort();
    const env = {
      DATABASE_URL: fresh.url,
      KAFKA_BROKERS: brokers.join(","),
      PORT: String(port),
      INTERNAL_KEY: internalKey,
      PARTITIONS: "2",
      LOG_LEVEL: "fatal",
      GIT_COMMIT: "7ae6c1f7",
    };
    const child = spawn(process.execPath, [resolve(source, "main.ts")], {
      env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    const broker = kafkaBroker({ brokers, clientId: "tally-test", log: createLogger("tally-test", "silent") });
    onTestFinished(async () => {
      child.kill("SIGKILL");
      await broker.close();
      await fresh.drop();
      await kafka?.remove();
    });
    const call = createCall(port);
    await waitFor(async () => (await call("/health/ready").catch(() => undefined))?.status === 200, {
      timeoutMs: 30_000,
    });

    const parkedCase = newId("cs");
    await broker.send(
      [opening("northtel"), opening("northtel"), opening("unknown", parkedCase)].map((message) =>
        toWire(message, "/test"),
      ),
    );
    await waitFor(async () => (await call("/v1/openings/northtel")).body.cases === 2);
    await waitFor(async () => (await call("/internal/parked")).body.parked.length === 1);

    expect((await call("/internal/parked", "GET", "no-such-key")).status).toBe(401);
    expect((await call("/internal/parked")).body.parked).toMatchObject([
      { key: parkedCase, reason: expect.stringContaining("the carrier is not known") },
    ]);
    const replayed = await call(`/internal/parked/${parkedCase}/replay`, "POST");
    expect(replayed).toMatchObject({ status: 202, body: { requested: true } });
    expect((await call("/internal/parked/cs_none/replay", "POST")).status).toBe(404);
    expect((await call("/internal/dead-letters")).body).toEqual({ deadLetters: [] });
    // The replay is an action, which the relay sends.
    await waitFor(async () => (await call("/internal/pressure")).body.outbox === 0);
    expect((await call("/internal/pressure")).body).toEqual({ lag: 0, outbox: 0 });
    expect((await call(`/internal/timelines/${newId("stp")}`)).body).toMatchObject({ appended: {}, parked: 0 });
    expect((await call("/metrics")).text).toContain('crossline_consumer_applied_total{service="tally"} 2');
    expect((await call("/openapi.json")).body.info.title).toBe("Crossline tally");
    const { node } = process.versions;
    const { version } = (await call("/openapi.json")).body.info;
    expect((await call("/version")).body).toEqual({ name: "tally", version, commit: "7ae6c1f7", node });
    const labels = `version="${version}",commit="7ae6c1f7",node="${node}",service="tally"`;
    expect((await call("/metrics")).text).toContain(`crossline_build_info{${labels}} 1`);

    const exit = once(child as ChildProcess, "exit");
    child.kill("SIGTERM");
    expect(await exit).toEqual([0, null]);
  },
);

function opening(carrier: string, caseId = newId("cs")): Message {
  const data = {
    actor: { party: carrier, automated: true },
    carrier,
    carrierCaseId: caseId,
    kind: "fault",
    severity: "minor",
    title: "No signal",
    channel: "phone",
    line: { carrier, name: "standard", version: 1 },
    lineReason: "named",
  } as const;
  return {
    topic: topics.case,
    key: caseId,
    sequence: 1,
    type: "case.opened",
    time: Date.now(),
    timeline: "wall",
    data,
  };
}

function createCall(port: number) {
  return async (path: string, method = "GET", key = internalKey) => {
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") ?? false;
    return { status: response.status, text, body: isJson ? JSON.parse(text) : undefined };
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}
