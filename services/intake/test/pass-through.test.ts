import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type World, createWorld } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

test.each([
  ["timer", "GET", "/v1/cases/cs_1/clocks?at=2026-01-01T00:00:00Z"],
  ["timer", "GET", "/v1/cases/cs_1/clocks/preview?line=care&version=2"],
  ["routing", "POST", "/v1/lines"],
  ["routing", "PUT", "/v1/lines/default"],
  ["routing", "POST", "/v1/calendars"],
  ["routing", "GET", "/v1/calendars/northtel/care/versions/1"],
  ["routing", "GET", "/v1/holidays?country=CA&year=2026"],
  ["routing", "GET", "/v1/queues/orchard.handheld/handoffs?limit=3"],
  ["routing", "POST", "/v1/queues/orchard.handheld/handoffs/ho_1/claim"],
  ["routing", "GET", "/v1/cases/cs_1/handoffs"],
  ["routing", "POST", "/v1/cases/cs_1/take"],
  ["routing", "POST", "/v1/rosters/duty/ring-test"],
  ["notification", "GET", "/v1/rosters/duty/ring-tests/rng_1"],
  ["notification", "DELETE", "/v1/subscriptions/sub_1"],
  ["notification", "GET", "/v1/deliveries"],
  ["notification", "GET", "/v1/last-resort-secret"],
] as const)("%s receives %s %s", async (name, method, path) => {
  const body = method === "POST" ? { body: JSON.stringify({ a: "é" }) } : {};
  const headers = {
    "content-type": "application/json",
    "idempotency-key": "k",
    "x-request-id": "018f2c1e-7d1a-7c3b-9e55-0a1b2c3d4e5f",
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  };
  const response = await world.northtel.send(method, path, { headers, ...body });
  expect(response.status).toBe(418);
  expect(response.headers.get("x-part")).toBe(name);
  expect(response.headers.get("x-request-id")).toBe("018f2c1e-7d1a-7c3b-9e55-0a1b2c3d4e5f");
  const passedRequest = world.standIns[name].passedRequests.at(-1);
  expect(passedRequest).toMatchObject({ method, url: path, body: method === "POST" ? '{"a":"é"}' : "", headers });
  expect(passedRequest?.headers.authorization).toMatch(/^Bearer xl_northtel_/);
});

test("slow requests do not delay other requests to the same service", async () => {
  const created = await world.operator.post("/v1/parties/lumen/keys");
  const { port } = new URL(world.intake.url);
  const head = `POST /v1/lines HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${created.body.key}\r\n`;
  const slow = Array.from({ length: 80 }, () => {
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(`${head}content-type: application/json\r\ncontent-length: 100\r\n\r\n{`);
    return socket;
  });
  await Promise.all(slow.map((socket) => once(socket, "connect")));
  // When 20 later requests have responses, intake has also read the bytes that the slow sockets sent.
  for (let round = 0; round < 20; round++) await world.northtel.get("/v1/cases");
  const response = await world.northtel.send("GET", "/v1/lines", { signal: AbortSignal.timeout(3_000) });
  expect(response.status).toBe(418);
  for (const socket of slow) socket.destroy();
});

test("intake does not pass on a request without a known key", async () => {
  const before = world.standIns.routing.passedRequests.length;
  expect((await world.client("xl_nobody_00000000000000000000000000000000000").post("/v1/lines")).status).toBe(401);
  expect(world.standIns.routing.passedRequests).toHaveLength(before);
});

test("intake passes no request to an internal route of another service", async () => {
  for (const path of [
    "/internal/timelines/wall",
    "/v1/lines/../../internal/x",
    "/v1/queues/%2e%2e/%2e%2e/internal/x",
  ]) {
    // fetch would normalize the address, so the test writes the request itself.
    const { port } = new URL(world.intake.url);
    const status = await new Promise<number>((resolve, reject) => {
      void import("node:http").then(({ request }) =>
        request({ port, path, host: "127.0.0.1" }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        })
          .on("error", reject)
          .end(),
      );
    });
    expect([401, 404]).toContain(status);
  }
  for (const standIn of Object.values(world.standIns))
    expect(standIn.passedRequests.filter(({ url }) => url.includes("internal"))).toEqual([]);
});

test("the OpenAPI document has the routes of all services and none of their internal routes", async () => {
  const { body } = await world.northtel.get("/openapi.json");
  expect(body.openapi).toBe("3.1.0");
  const paths = Object.keys(body.paths);
  expect(paths).toContain("/v1/cases");
  expect(paths).toContain("/v1/timelines/{id}/import");
  expect(paths).toEqual(expect.arrayContaining(["/v1/timer-things", "/v1/routing-things", "/v1/notification-things"]));
  expect(paths.filter((path) => !path.startsWith("/v1/"))).toEqual(["/version"]);
  for (const name of ["timer", "routing", "notification"]) {
    const { $ref } = body.paths[`/v1/${name}-things`].get.responses[200].content["application/json"].schema;
    expect(body.components.schemas[$ref.split("/").at(-1)]).toMatchObject({ title: name });
  }
});

test("without insight only the reports are unavailable", async () => {
  expect(await world.northtel.get("/v1/reports")).toMatchObject({ status: 503, body: { code: "unavailable" } });
  const report = await world.northtel.get("/v1/reports/time-to-accept");
  expect(report).toMatchObject({ status: 503, body: { code: "unavailable" } });
  expect((await world.northtel.get("/v1/reports/promises")).status).toBe(200);
  expect((await world.northtel.get("/v1/cases")).status).toBe(200);
});

test("a request to a stopped service gets 503 with a time to retry, and other requests succeed", async () => {
  const { port } = new URL(world.standIns.notification.url);
  await world.standIns.notification.stop();
  const refused = await world.northtel.get("/v1/subscriptions");
  expect(refused).toMatchObject({ status: 503, body: { code: "unavailable" } });
  expect(refused.headers.get("retry-after")).toBe("1");
  expect((await world.northtel.get("/v1/cases")).status).toBe(200);
  expect((await world.northtel.get("/openapi.json")).status).toBe(200);
  // Requests succeed again after the service has started again.
  const back = createServer((_, response) => response.end("{}")).listen(Number(port), "127.0.0.1");
  await expect.poll(async () => (await world.northtel.get("/v1/subscriptions")).status).toBe(200);
  back.closeAllConnections();
  back.close();
});
