import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { LineDocument } from "@crossline/contracts";
import { type DeskRecord, createClient } from "@crossline/cli";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OtlpReceiver, type SeenSpan, startOtlpReceiver } from "./otlp-receiver.ts";
import { type Stage, openStage } from "./stage.ts";

/*
 * One escalation is one trace, from the rep's request to the vendor's record and the receiver of a webhook. The trace passes
 * through HTTP, the outbox, Kafka, a clock that ran for two hours, Kafka again, and a delivery.
 */

const silence = (vendor: string): LineDocument => ({
  line: "silence",
  mode: "cross",
  calendar: "24x7",
  clocks: [{ kind: "stall.idle", target: "PT2H", warnAt: [] }],
  crossing: [{ to: `queue:${vendor}.handheld`, mode: "live-assist", acceptWithin: "PT90S", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/"],
});

type Webhooks = { readonly url: string; readonly traceparents: string[]; readonly close: () => Promise<void> };

async function startWebhooks(): Promise<Webhooks> {
  const traceparents: string[] = [];
  const server = createServer((request, response) => {
    const { traceparent } = request.headers;
    traceparents.push(typeof traceparent === "string" ? traceparent : "");
    request.resume();
    response.writeHead(204).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, traceparents, close };
}

/**
 * Opens a case by a rep's request. The case crosses after two hours without an act. Returns the vendor's record and the
 * webhook's header.
 */
async function escalate(stage: Stage, webhooks: Webhooks, traceparent: string) {
  const story = await stage.story(silence);
  const { vendor, carrier, carrierKey, vendorName } = story.cast;
  const { timeline } = story;
  await carrier.post("/v1/subscriptions", { url: webhooks.url, events: ["handoff.offered"], timeline });
  const heardBefore = webhooks.traceparents.length;
  const device = { vendor: vendorName, model: "Handheld 8700" };
  const opened = {
    carrierCaseId: "NT-1",
    timeline,
    line: "silence",
    title: "Handheld is dead",
    channel: "phone",
    device,
  };
  await createClient(stage.url, carrierKey, { traceparent }).post("/v1/cases", { ...opened, symptom: "dead-device" });
  await story.advance("11:01");
  const record = await waitFor((): DeskRecord | undefined => stage.received(vendorName)[0], { what: "the record" });
  const webhook = await waitFor(() => webhooks.traceparents[heardBefore], { what: "the webhook" });
  return { record, webhook, vendor };
}

const traceOf = (traceparent: string) => traceparent.split("-")[1] ?? "";
const spanOf = (traceparent: string) => traceparent.split("-")[2] ?? "";

let webhooks: Webhooks;
beforeAll(async () => {
  webhooks = await startWebhooks();
});
afterAll(() => webhooks?.close());

/** Returns the names of a span and its ancestors, from the span up to the first ancestor that was not received. */
function chain(spans: readonly SeenSpan[], from: string): { names: string[]; root: string } {
  const names: string[] = [];
  let id = from;
  for (;;) {
    const span = spans.find(({ spanId }) => spanId === id);
    if (span === undefined) return { names, root: id };
    names.push(`${span.service} ${span.name}`);
    id = span.parentId;
  }
}

test("one escalation is one trace, and an unsampled trace of a client is not recorded", async ({ onTestFinished }) => {
  const otlp: OtlpReceiver = await startOtlpReceiver();
  onTestFinished(() => otlp.close());
  const stage = await openStage({ otlpEndpoint: otlp.endpoint });
  onTestFinished(() => stage.close());

  const client = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const { record, webhook, vendor } = await escalate(stage, webhooks, client);
  expect([traceOf(record.traceparent), traceOf(webhook)]).toEqual([traceOf(client), traceOf(client)]);
  const seen = (id: string) => waitFor(() => otlp.spans.some(({ spanId }) => spanId === id), { timeoutMs: 15_000 });
  await seen(spanOf(record.traceparent));
  await seen(spanOf(webhook));
  const toTheFiring = [
    "crossline-routing apply clock.breached",
    "crossline-timer send crossline.clock.v1",
    "crossline-timer fire stall.idle",
    "crossline-timer apply case.opened",
    "crossline-intake send crossline.case.v1",
    "crossline-intake POST /v1/cases",
  ];
  const queue = record.topic.slice(record.topic.indexOf("crossline.queue"));
  await waitFor(() => chain(otlp.spans, spanOf(webhook)).names.length === 9, { timeoutMs: 15_000 });
  expect(chain(otlp.spans, spanOf(record.traceparent))).toEqual({
    names: [`crossline-routing send ${queue}`, ...toTheFiring],
    root: spanOf(client),
  });
  expect(chain(otlp.spans, spanOf(webhook))).toEqual({
    names: [
      "crossline-notification deliver a webhook",
      "crossline-notification apply handoff.offered",
      "crossline-routing send crossline.handoff.v1",
      ...toTheFiring,
    ],
    root: spanOf(client),
  });

  // A request that intake forwards is also one trace, with a span of each service.
  await vendor.get("/v1/queues");
  const passed = () => otlp.spans.filter(({ name }) => name === "GET /v1/queues");
  await waitFor(() => passed().length >= 2, { timeoutMs: 15_000 });
  const [outer, inner] = ["crossline-intake", "crossline-routing"].map((of) =>
    passed().find(({ service }) => service === of),
  );
  expect(inner).toMatchObject({ traceId: outer?.traceId, parentId: outer?.spanId });
  expect(outer?.attributes).toEqual({
    "http.request.method": "GET",
    "http.route": "/v1/queues",
    "http.response.status_code": "200",
  });

  const unwanted = "00-5bf92f3577b34da6a3ce929d0e0e4736-10f067aa0ba902b7-00";
  const other = await escalate(stage, webhooks, unwanted);
  expect([other.record.traceparent, other.webhook].map((it) => it.slice(0, 35) + it.slice(-3))).toEqual([
    `00-${traceOf(unwanted)}-00`,
    `00-${traceOf(unwanted)}-00`,
  ]);
  await stage.close(); // Sends the remaining spans.
  expect(otlp.spans.filter(({ traceId }) => traceId === traceOf(unwanted))).toEqual([]);
  expect(otlp.spans.length).toBeGreaterThan(30);
});

test("without tracing the services forward the client's context unchanged", async ({ onTestFinished }) => {
  const stage = await openStage();
  onTestFinished(() => stage.close());
  const client = "00-6bf92f3577b34da6a3ce929d0e0e4736-20f067aa0ba902b7-01";
  const { record, webhook } = await escalate(stage, webhooks, client);
  expect([record.traceparent, webhook]).toEqual([client, client]);
});
