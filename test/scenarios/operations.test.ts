import { showOperations } from "@crossline/cli";
import { type Operations, topics } from "@crossline/contracts";
import { toWire } from "@crossline/messaging";
import { type Database, connect } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Stage, openStage, operatorKey } from "./stage.ts";

/*
 * The operator reads the state of all services in one response, and requests replays. The stage starts no insight, so insight is
 * unreachable, and the response has all other services.
 */

let stage: Stage;
let routing: Database;
beforeAll(async () => {
  stage = await openStage({ inProcess: true, console: true });
  routing = connect({ url: stage.databaseUrl, schema: "routing", applicationName: "operations-test" });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
afterAll(async () => {
  await routing?.close();
  await stage?.close();
});

type ReachedService = Extract<Operations["services"][number], { readonly state: "reached" }>;
const read = () => stage.operator.get<Operations>("/v1/operations");
const serviceIn = ({ services }: Operations, name: string): ReachedService | undefined => {
  const found = services.find(({ service }) => service === name);
  return found?.state === "reached" ? found : undefined;
};
/** Waits for the service, because a busy machine can take longer than intake waits for a response. */
const find = (name: string): Promise<ReachedService> =>
  waitFor(async () => serviceIn(await read(), name), { timeoutMs: 20_000, what: name });

test("one response has every service; a service that is down is unreachable, and the rest is there", async () => {
  const statesOf = ({ services }: Operations) => services.map(({ service, state }) => `${service} ${state}`);
  const isComplete = ({ services }: Operations) => services.filter(({ state }) => state === "reached").length === 6;
  const all = await waitFor(
    async () => {
      const response = await read();
      return isComplete(response) ? response : undefined;
    },
    { timeoutMs: 20_000 },
  );
  expect(statesOf(all)).toEqual([
    "intake reached",
    "timer reached",
    "routing reached",
    "notification reached",
    "auditor reached",
    "insight unreachable",
    "console reached",
  ]);
  expect(all.gate).toEqual({ atWork: expect.any(Number) as number });
  expect(serviceIn(all, "intake")).toMatchObject({ checks: { database: "ok" }, parked: [], deadLetters: [] });
  expect(serviceIn(all, "auditor")?.findings).toEqual({
    missed: 0,
    late: 0,
    doubled: 0,
    unfounded: 0,
    gap: 0,
    forged: 0,
  });
  expect(serviceIn(all, "notification")?.deliveries).toMatchObject({ waiting: 0, abandoned: 0 });
  expect(serviceIn(all, "console")?.lateness).toEqual({ since: expect.any(String) as string, firings: 0 });
});

test("the lateness is that of the firings of the wall timeline", async () => {
  const { client, party } = await stage.party("northtel", "carrier");
  const vendor = await stage.party("orchard", "vendor");
  const line = {
    line: "fast",
    calendar: "24x7",
    clocks: [{ kind: "first-response", target: "PT10S" }],
    crossing: [{ to: `queue:${vendor.party}.desk`, mode: "ticket" }],
    lastResort: ["https://duty.northtel.example/"],
  };
  await waitFor(() => client.post("/v1/lines", line), { timeoutMs: 5_000 });
  const openedAt = Date.now();
  const opened = { carrierCaseId: "NT-1", line: "fast", title: "It is dead", channel: "mail", severity: "major" };
  await client.post("/v1/cases", opened);
  const lateness = await waitFor(
    async () => {
      const { lateness: measured } = await find("console");
      return (measured?.firings ?? 0) > 0 ? measured : undefined;
    },
    { timeoutMs: 25_000, what: `a firing of ${party}` },
  );
  expect(lateness.p50Ms).toBeGreaterThanOrEqual(0);
  expect(lateness.p99Ms).toBeGreaterThanOrEqual(lateness.p50Ms ?? Infinity);
  expect(lateness.p99Ms).toBeLessThan(Date.now() - openedAt);
}, 40_000);

test("a dead letter and a parked case are shown, and a replay is requested once for each idempotency key", async () => {
  const key = `cs_${"0".repeat(25)}1`;
  const { headers } = toWire(
    { topic: topics.case, key, sequence: 1, type: "case.closed", time: 0, timeline: "wall", data: {} },
    "/test",
  );
  await stage.send([{ topic: topics.case, key, headers: { ...headers, ce_sequence: "none" }, value: "{}" }]);
  const [letter] = await waitFor(async () => {
    const { deadLetters } = await find("routing");
    return deadLetters.length > 0 ? deadLetters : undefined;
  });
  expect(letter).toMatchObject({ direction: "in", topic: topics.case });
  const path = `/v1/operations/dead-letters/routing/${letter?.id}/replay`;
  await expect(stage.operator.post(path)).rejects.toMatchObject({ code: "not_found" }); // It is still invalid.

  await routing.query({
    text: `-- test.park
      insert into inbox_waiting (partition, topic, key, sequence, timeline, headers, reason)
      values (0, $1, $2, 1, 'wall', $3, 'the test parked this case')`,
    values: [topics.case, key, JSON.stringify(headers)],
  });
  expect((await find("routing")).parked).toMatchObject([{ key, reason: "the test parked this case" }]);
  const url = `${stage.url}/v1/operations/parked/routing/${key}/replay`;
  const replay = async (idempotencyKey: string) => {
    const authorization = `Bearer ${operatorKey}`;
    const response = await fetch(url, {
      method: "POST",
      headers: { authorization, "idempotency-key": idempotencyKey, "content-type": "application/json" },
      body: "{}",
    });
    return { status: response.status, replayed: response.headers.get("idempotent-replayed") };
  };
  expect(await replay("first-replay")).toEqual({ status: 202, replayed: null });
  await routing.query({ text: "-- test.unpark\ndelete from inbox_waiting" });
  expect(await replay("first-replay")).toEqual({ status: 202, replayed: "true" });
  expect(await replay("second-replay")).toEqual({ status: 404, replayed: null });
});

test("only the operator reads operations, and an unreachable service refuses a replay with 503", async () => {
  for (const kind of ["carrier", "vendor"] as const) {
    const { client } = await stage.party("curious", kind);
    await expect(client.get("/v1/operations")).rejects.toMatchObject({ code: "forbidden" });
    const replay = client.post("/v1/operations/parked/routing/x/replay");
    await expect(replay).rejects.toMatchObject({ code: "forbidden" });
  }
  const { operator } = stage;
  await expect(operator.post("/v1/operations/parked/insight/x/replay")).rejects.toMatchObject({ status: 503 });
  await expect(operator.post("/v1/operations/parked/routing/x/replay")).rejects.toMatchObject({ status: 404 });
  const escape = operator.post("/v1/operations/parked/routing/..%2f..%2frebuild%2f/replay");
  await expect(escape).rejects.toMatchObject({ status: 404 });
  await expect(operator.post("/v1/operations/parked/nowhere/x/replay")).rejects.toMatchObject({ status: 400 });
});

test("the verb prints a row for each service, and its exit code is 1 because insight is unreachable", async () => {
  const texts: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => texts.push(String(text)) > 0);
  vi.stubEnv("OPERATOR_KEY", operatorKey);
  const printed = await waitFor(
    async () => {
      texts.length = 0;
      expect(await showOperations({ url: stage.url })).toBe(1);
      const text = texts.join("");
      return text.includes("lateness") && text.match(/unreachable/g)?.length === 1 ? text : undefined;
    },
    { timeoutMs: 20_000 },
  );
  expect(printed).toMatch(/routing +(?:not )?ready +\d+ +\d+ +\d+ +\d+/);
  expect(printed).toMatch(/insight +unreachable/);
  expect(printed).toMatch(/lateness of \d+ firings in 24 hours: p50 \d+ ms, p99 \d+ ms/);
});
