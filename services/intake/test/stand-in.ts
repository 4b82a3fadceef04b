import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { DeadlineResultPage, DeadlineResultPageRequest, TimelineReport } from "@crossline/contracts";

/**
 * A stand-in for another service. The stand-in responds to intake's internal requests, and records the requests that intake passes on.
 */
export type ServiceStandIn = {
  readonly url: string;
  counts: () => Promise<(timeline: string) => TimelineReport>;
  /** The requests for `/v1` routes that the stand-in has received. */
  readonly passedRequests: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[];
  /** Returns true if routing lets the company read the case. */
  reads: (caseId: string, party: string) => boolean;
  /**
   * The status and headers of the next responses to requests for `/v1` routes. The stand-in uses the last element for all later
   * responses.
   */
  readonly responses: { status: number; headers?: Record<string, string> }[];
  /** The clocks that the stand-in reports for every case, as `kind` and `state`. Undefined: the case is unknown. */
  clocks: readonly { readonly kind: string; readonly state: string }[] | undefined;
  /** The pressure that the stand-in reports. */
  pressure: { lag: number; outbox: number };
  /** The next deadlines that the stand-in returns, in their order. If `dues` is undefined, the stand-in responds with 503. */
  dues: DeadlineResultPage["items"] | undefined;
  /** The number of all requests that the stand-in has received. */
  requestCount: number;
  stop(): Promise<void>;
};

const nothing = { appended: {}, applied: {}, parked: 0, dead: 0 };

/** Starts a stand-in for the service with this name. */
export async function startStandIn(name: string): Promise<ServiceStandIn> {
  const server = createServer((request, response) => {
    standIn.requestCount++;
    void respond(request).then(
      ({ status, body, headers = {} }) => {
        response.writeHead(status, { "content-type": "application/json", ...headers });
        response.end(JSON.stringify(body));
        return undefined;
      },
      () => response.destroy(),
    );
  });
  async function respond(
    request: IncomingMessage,
  ): Promise<{ status: number; body: unknown; headers?: Record<string, string> }> {
    const { url = "/", method = "GET", headers } = request;
    const timeline = /^\/internal\/timelines\/(\w+)$/.exec(url)?.[1];
    if (timeline !== undefined) return { status: 200, body: (await standIn.counts())(timeline) };
    const reader = /^\/internal\/cases\/(\w+)\/readers\/(\w+)$/.exec(url);
    if (reader !== null) return { status: 200, body: { reads: standIn.reads(reader[1] ?? "", reader[2] ?? "") } };
    if (url === "/internal/pressure") return { status: 200, body: standIn.pressure };
    if (url === "/openapi.json") return { status: 200, body: documentOf(name) };
    const body = await text(request);
    if (url.startsWith("/internal/deadlines"))
      return { status: standIn.dues === undefined ? 503 : 200, body: duesOf(body) };
    standIn.passedRequests.push({ method, url, headers, body });
    if (/^\/v1\/cases\/\w+\/clocks$/.test(url) && standIn.clocks !== undefined)
      return { status: 200, body: { clocks: standIn.clocks } };
    const { status, headers: more } = (standIn.responses.length > 1
      ? standIn.responses.shift()
      : standIn.responses[0]) ?? {
      status: 418,
    };
    return { status, body: { part: name, echo: body }, headers: { "x-part": name, ...more } };
  }
  function duesOf(body: string): DeadlineResultPage {
    const { caseIds, after, limit } = JSON.parse(body) as { caseIds?: string[] } & DeadlineResultPageRequest;
    const { dues = [] } = standIn;
    if (caseIds !== undefined) return { items: dues.filter(({ caseId }) => caseIds.includes(caseId)) };
    const from = after === undefined ? 0 : dues.findIndex(({ caseId }) => caseId === after.caseId) + 1;
    return { items: dues.slice(from, from + limit) };
  }
  const standIn: ServiceStandIn = {
    url: "",
    counts: async () => () => nothing,
    passedRequests: [],
    reads: () => false,
    responses: [],
    clocks: undefined,
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
  return Object.assign(standIn, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
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
