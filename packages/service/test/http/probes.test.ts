import { afterEach, beforeEach, expect, test } from "vitest";
import { createApp } from "./app.ts";

let app: Awaited<ReturnType<typeof createApp>>;
beforeEach(async () => {
  app = await createApp();
});
afterEach(() => app.http.close());

test("a service is ready while all its checks succeed; otherwise the response is 503 with the reasons", async () => {
  let reason: string | undefined;
  app.health.ready("kafka", () => reason);
  app.health.ready("database", () => Promise.resolve(undefined));
  const well = await app.http.inject({ url: "/health/ready" });
  expect(well.statusCode).toBe(200);
  expect(well.json()).toEqual({ status: "ok", checks: { kafka: "ok", database: "ok" } });

  reason = "the last fetch was 9 s ago";
  const unwell = await app.http.inject({ url: "/health/ready" });
  expect(unwell.statusCode).toBe(503);
  expect(unwell.json()).toMatchObject({
    code: "unavailable",
    detail: "kafka: the last fetch was 9 s ago",
    checks: { kafka: "the last fetch was 9 s ago", database: "ok" },
  });
  expect((await app.http.inject({ url: "/health/live" })).statusCode).toBe(200);
  expect(app.lines).toEqual([]);
});

test("a check that throws fails, and the report omits the error's message", async () => {
  app.health.live("loop", () => {
    throw new Error("password=x");
  });
  const response = await app.http.inject({ url: "/health/live" });
  expect(response.json().checks).toEqual({ loop: "the check failed" });
});

test("concurrent probes share one run of the checks", async () => {
  let runs = 0;
  const result = Promise.withResolvers<undefined>();
  app.health.ready("slow", () => {
    runs += 1;
    return result.promise;
  });
  const reports = [app.health.report("ready"), app.health.report("ready")];
  result.resolve(undefined);
  expect(await Promise.all(reports)).toEqual([
    { ok: true, checks: { slow: "ok" } },
    { ok: true, checks: { slow: "ok" } },
  ]);
  expect(runs).toBe(1);
});

test("each service has its own metrics, which count requests by route and not by address", async () => {
  const other = await createApp();
  await app.http.inject({ url: "/v1/things/123", headers: { "x-wanted": "y" } });
  await app.http.inject({ url: "/v1/unknown/123" });
  app.metrics.counter({ name: "crossline_probe_total", help: "A count", labels: ["kind"] }).inc({ kind: "a" });
  let depth = 3;
  app.metrics.gauge({
    name: "crossline_probe_depth",
    help: "Read at the scrape",
    collect: (gauge) => gauge.set(depth),
  });
  depth = 7;
  const text = (await app.http.inject({ url: "/metrics" })).body;
  expect(text).toContain(
    'crossline_http_request_seconds_count{service="probe",method="GET",route="/v1/things/:id",status="200"} 1',
  );
  expect(text).toContain('route="unknown",status="404"');
  expect(text).toContain('crossline_probe_total{kind="a",service="probe"} 1');
  expect(text).toContain('crossline_probe_depth{service="probe"} 7');
  expect(text).toContain("nodejs_eventloop_lag_seconds");
  expect((await other.http.inject({ url: "/metrics" })).body).not.toContain("crossline_probe_total");
  await other.http.close();
});
