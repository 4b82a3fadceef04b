import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { DeadlineResultPage, DeadlineResultPageRequest, TimelineReport } from "@crossline/contracts";

/** What stands for another service: it answers for timelines, and shows what was passed on to it. */
export type ServiceStandIn = {
  readonly url: string;
  counts: () => Promise<(timeline: string) => TimelineReport>;
  /** The last requests for `/v1`. */
  readonly passedRequests: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[];
  /** Whether a company reads a case, as routing says. */
  reads: (caseId: string, party: string) => boolean;
  /** Headers of the next answers to `/v1`, and their status; the last one for ever. */
  readonly responses: { status: number; headers?: Record<string, string> }[];
  /** What it says of itself. */
  pressure: { lag: number; outbox: number };
  /** What it says of next deadlines, in their order; undefined where it cannot. */
  dues: DeadlineResultPage["items"] | undefined;
  /** How many requests in all. */
  requestCount: number;
  stop(): Promise<void>;
};

const nothing = { appended: {}, applied: {}, parked: 0, dead: 0 };

export async function startStandIn(name: string): Promise<ServiceStandIn> {
  const server = createServer((request, response) => {
    part.requestCount++;
    void answer(request).then(
      ({ status, body, headers = {} }) => {
        response.writeHead(status, { "content-type": "application/json", ...headers });
        response.end(JSON.stringify(body));
        return undefined;
      },
      () => response.destroy(),
    );
  });
  async function answer(
    request: IncomingMessage,
  ): Promise<{ status: number; body: unknown; headers?: Record<string, string> }> {
    const { url = "/", method = "GET", headers } = request;
    const timeline = /^\/internal\/timelines\/(\w+)$/.exec(url)?.[1];
    if (timeline !== undefined) return { status: 200, body: (await part.counts())(timeline) };
    const reader = /^\/internal\/cases\/(\w+)\/readers\/(\w+)$/.exec(url);
    if (reader !== null) return { status: 200, body: { reads: part.reads(reader[1] ?? "", reader[2] ?? "") } };
    if (url === "/internal/pressure") return { status: 200, body: part.pressure };
    if (url === "/openapi.json") return { status: 200, body: documentOf(name) };
    const body = await text(request);
    if (url.startsWith("/internal/deadlines"))
      return { status: part.dues === undefined ? 503 : 200, body: duesOf(body) };
    part.passedRequests.push({ method, url, headers, body });
    const { status, headers: more } = (part.responses.length > 1 ? part.responses.shift() : part.responses[0]) ?? {
      status: 418,
    };
    return { status, body: { part: name, echo: body }, headers: { "x-part": name, ...more } };
  }
  function duesOf(body: string): DeadlineResultPage {
    const { caseIds, after, limit } = JSON.parse(body) as { caseIds?: string[] } & DeadlineResultPageRequest;
    const { dues = [] } = part;
    if (caseIds !== undefined) return { items: dues.filter(({ caseId }) => caseIds.includes(caseId)) };
    const from = after === undefined ? 0 : dues.findIndex(({ caseId }) => caseId === after.caseId) + 1;
    return { items: dues.slice(from, from + limit) };
  }
  const part: ServiceStandIn = {
    url: "",
    counts: async () => () => nothing,
    passedRequests: [],
    reads: () => false,
    responses: [],
    pressure: { lag: 0, outbox: 0 },
    dues: [],
    requestCount: 0,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(part, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

function documentOf(name: string): unknown {
  const schema = { $ref: "#/components/schemas/Page" };
  const operation = { responses: { 200: { content: { "application/json": { schema } } } } };
  return {
    openapi: "3.1.0",
    paths: { [`/v1/${name}-things`]: { get: operation }, "/internal/x": { get: operation } },
    components: { schemas: { Page: { type: "object", title: name } } },
  };
}
