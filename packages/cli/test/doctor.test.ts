import { once } from "node:events";
import { type RequestListener, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { checkBacklog, sumOf } from "../src/doctor/backlog.ts";
import { compareClocks } from "../src/doctor/servers.ts";
import { addressesOf, checkServices } from "../src/doctor/services.ts";
import { portsFrom } from "../src/services.ts";

/** Starts a server, and returns its address. */
async function listen(respond: RequestListener): Promise<string> {
  const server = createServer(respond).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const respondWith =
  (status: number, body: object): RequestListener =>
  (_, response) =>
    void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

test("a service that is not ready is a fault with the reason", async () => {
  const ready = await listen(respondWith(200, { status: "ok", checks: {} }));
  const late = await listen(respondWith(503, { checks: { broker: "away" }, detail: "broker: away" }));
  const other = await listen(respondWith(200, { hello: "world" }));
  const results = await checkServices([
    { name: "intake", url: ready },
    { name: "timer", url: late },
    { name: "routing", url: other },
  ]);
  expect(results).toMatchObject([
    { check: "intake", state: "ok" },
    { check: "timer", state: "fault", found: "is not ready: broker: away" },
    { check: "routing", state: "fault", found: expect.stringContaining("another program responds") as string },
  ]);
});

test("if only intake can be reached, the other services give one warning and no faults", async () => {
  const intake = await listen(respondWith(200, { status: "ok", checks: {} }));
  const away = "http://127.0.0.1:9/";
  const results = await checkServices([
    { name: "intake", url: intake },
    { name: "timer", url: away },
    { name: "routing", url: away },
  ]);
  expect(results).toMatchObject([
    { check: "intake", state: "ok" },
    { check: "other services", state: "warning", found: "timer, routing cannot be reached from here" },
  ]);
  expect(addressesOf("https://crossline.example", portsFrom(443))).toEqual([
    { name: "intake", url: "https://crossline.example/" },
  ]);
});

test.each([
  [400, "ok"],
  [-5_000, "warning"],
  [120_000, "fault"],
])("a difference of %i ms between the clocks is %s", (differenceMs, state) => {
  expect(compareClocks(differenceMs)).toMatchObject({ check: "clocks", state });
});

test("a metric is the sum of its series, and not of a metric with a longer name", () => {
  const text = [
    "# HELP crossline_consumer_lag Records",
    'crossline_consumer_lag{topic="a"} 2',
    'crossline_consumer_lag{topic="b"} 3',
    "crossline_consumer_lag_seconds 900",
    'crossline_inbox_standing{kind="parked"} 1',
    'crossline_inbox_standing{kind="dead-letter"} 4',
  ].join("\n");
  expect(sumOf(text, "crossline_consumer_lag")).toBe(5);
  expect(sumOf(text, "crossline_inbox_standing", 'kind="dead-letter"')).toBe(4);
  expect(sumOf(text, "crossline_outbox_depth")).toBe(0);
});

test("parked records are a fault with their service, and a full outbox and a lag are warnings", async () => {
  const metrics = (rows: readonly string[]) => listen((_, response) => void response.end(`${rows.join("\n")}\n`));
  const sound = await metrics(["crossline_outbox_depth 3", 'crossline_inbox_standing{kind="parked"} 0']);
  const sick = await metrics([
    'crossline_inbox_standing{kind="parked"} 2',
    'crossline_inbox_standing{kind="dead-letter"} 0',
    "crossline_outbox_depth 4000",
    "crossline_outbox_oldest_seconds 5",
    'crossline_consumer_lag{topic="crossline.case.v1"} 5000',
  ]);
  const results = await checkBacklog([
    { name: "intake", url: sound },
    { name: "timer", url: sick },
    { name: "routing", url: "http://127.0.0.1:9/" },
  ]);
  expect(results).toMatchObject([
    { check: "parked records", state: "fault", found: "parked: timer 2; dead letters: none" },
    { check: "outbox", state: "warning", found: "unsent: intake 3, timer 4000" },
    { check: "lag", state: "warning", found: "unread: timer 5000" },
    { check: "metrics", state: "warning", found: "not readable: routing" },
  ]);
  expect((await checkBacklog([{ name: "intake", url: sound }])).map(({ state }) => state)).toEqual(["ok", "ok", "ok"]);
  const away = await checkBacklog([{ name: "timer", url: "http://127.0.0.1:9/" }]);
  expect(away).toMatchObject([{ check: "metrics", state: "warning" }]);
});
