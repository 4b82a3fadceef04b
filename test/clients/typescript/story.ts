import { setTimeout as delay } from "node:timers/promises";
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/api.d.ts";

/*
 * A client of the API, as a company would write it. The client's types are generated from the OpenAPI document alone.
 */

const [baseUrl = "", carrierKey = "", vendorKey = "", vendorName = ""] = process.argv.slice(2);
const carrier = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${carrierKey}` } });
const vendor = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${vendorKey}` } });

/** Returns a new idempotency key for each command. */
const once = (): { readonly "Idempotency-Key": string } => ({ "Idempotency-Key": crypto.randomUUID() });

type ApiResponse<Data> = { data?: Data; error?: components["schemas"]["Problem"] };

function dataOf<Data>({ data, error }: ApiResponse<Data>): Data {
  if (data === undefined) throw new Error(`${error?.code}: ${error?.detail}`);
  return data;
}

const line: components["schemas"]["LineDocument"] = {
  line: "typescript-client",
  calendar: "24x7",
  clocks: [{ kind: "stall.idle", target: "PT2H" }],
  crossing: [{ to: `queue:${vendorName}.handheld`, mode: "ticket", acceptWithin: "PT30M" }],
  lastResort: ["https://duty.example/"],
};

/** Publishes a line. The function retries, because some services may not know a new vendor yet. */
async function publish(): Promise<components["schemas"]["Line"]> {
  for (const until = Date.now() + 10_000; ; await delay(100)) {
    const answer = await carrier.POST("/v1/lines", { params: { header: once() }, body: line });
    if (answer.error?.code !== "line_does_not_lint" || Date.now() > until) return dataOf(answer);
  }
}

const published = await publish();
const timeline = dataOf(
  await carrier.POST("/v1/timelines", {
    params: { header: once() },
    body: { kind: "stepped", start: "2026-03-07T14:00:00Z" },
  }),
);
const opened = dataOf(
  await carrier.POST("/v1/cases", {
    params: { header: once() },
    body: {
      carrierCaseId: "TS-1",
      line: published.line.name,
      title: "Out of memory",
      channel: "phone",
      timeline: timeline.id,
    },
  }),
);
const advanced = dataOf(
  await carrier.POST("/v1/timelines/{id}/advance", {
    params: { path: { id: timeline.id }, header: once() },
    body: { to: "2026-03-07T16:10:00Z" },
  }),
);
const queue = `${vendorName}.handheld`;
const { items } = dataOf(
  await vendor.GET("/v1/queues/{queue}/handoffs", { params: { path: { queue }, query: { timeline: timeline.id } } }),
);
const [offer] = items;
if (offer === undefined) throw new Error("the queue is empty");
const place = { queue, id: offer.handoffId };
const claimed = dataOf(
  await vendor.POST("/v1/queues/{queue}/handoffs/{id}/claim", {
    params: { path: place, header: once() },
    body: { person: "desk-3" },
  }),
);
const accepted = dataOf(
  await vendor.POST("/v1/queues/{queue}/handoffs/{id}/accept", {
    params: { path: place, header: once() },
    body: {
      token: claimed.token,
      engineer: { name: "Ada Lovett", contact: "ada@orchard.example" },
      vendorCaseId: "OR-1",
      nextStep: "Free the memory",
      eta: "2026-03-07T16:20:00Z",
      readBack: { problem: claimed.brief.case.title, tried: "Nothing yet" },
      dossierVersion: claimed.brief.case.version,
    },
  }),
);
const stale = await vendor.POST("/v1/queues/{queue}/handoffs/{id}/resolve", {
  params: { path: place, header: once() },
  body: { token: claimed.token + 1, fixCode: "memory-full" },
});
const read = dataOf(await carrier.GET("/v1/cases/{id}", { params: { path: { id: opened.id } } }));
console.log(
  JSON.stringify({
    line: published.line.version,
    opened: opened.status,
    mark: advanced.mark,
    mode: offer.mode,
    phase: accepted.phase,
    refused: stale.error?.code,
    holder: read.holder,
  }),
);
