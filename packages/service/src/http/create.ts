import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { refusal } from "@crossline/contracts";
import { type Tracing, noTracing } from "@crossline/tracing";
import { LogController, fastify } from "fastify";
import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawServerDefault } from "fastify";
import { createSerializerCompiler, validatorCompiler } from "fastify-zod-openapi";
import type { FastifyZodOpenApiTypeProvider } from "fastify-zod-openapi";
import type { Health } from "../health.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { type EarlyResponder, installEarlyResponder } from "./early-responder.ts";
import { createErrorHandler } from "./faults.ts";
import type { FaultToRefusal } from "./faults.ts";
import { parseBody } from "./json.ts";
import { measureRequests } from "./request-metrics.ts";
import { serveOpenApi } from "./openapi.ts";
import type { OpenApiInfo } from "./openapi.ts";
import { serveProbes } from "./probes.ts";
import { refuse } from "./refusal.ts";
import { cutOffSlowBodies } from "./slow-bodies.ts";
import { decodeBody } from "./text.ts";
import { readTraceparent, traceRequests } from "./traces.ts";
import { type AddressResponder, refuseUnknownAddresses } from "./unknown-address.ts";
import { refuseUnreadable } from "./unreadable.ts";

/** A Fastify instance whose routes are typed by their zod schemas. */
export type Http = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  FastifyZodOpenApiTypeProvider
>;

export type HttpOptions = {
  readonly version: string;
  readonly log: Log;
  readonly health: Health;
  readonly metrics: Metrics;
  /** Without it `/metrics` is open: for addresses that only the operator can reach. */
  readonly metricsKey?: string;
  readonly openapi: Omit<OpenApiInfo, "version">;
  readonly faultToRefusal?: FaultToRefusal;
  /** Sees every request first; for refusals that must cost next to nothing. */
  readonly earlyResponder?: EarlyResponder;
  readonly tracing?: Tracing;
  /** How many connections may be open, 1,000 by default; one more is closed at once. */
  readonly connectionsMax?: number;
  /** How long a request's body may take, 30 s by default; a route with `config: { streams: true }` has no limit. */
  readonly bodyWithinMs?: number;
};

/** The most that a body may have, in bytes, unless a route says otherwise (`bodyLimit`). */
export const bodyLimitBytes = 1_048_576;
const longestParam = 300;
const openConnectionsMax = 1_000;
const headersWithinMs = 10_000;
const lookAtConnectionsMs = 5_000;
const nulInAddress = refusal("invalid_request", "The address holds a NUL character (%00).");

/**
 * The HTTP side of a service: routes with zod schemas for body, query, params, headers and responses, described at
 * `/openapi.json`; every refusal and every fault is a problem document; `/health/live`, `/health/ready`, `/metrics`; a
 * request id in and out (`x-request-id`, a UUID). Add routes, then `listen`.
 */
export async function createHttp(options: HttpOptions): Promise<Http> {
  const { version, log, health, metrics, openapi, faultToRefusal } = options;
  const onFault = createErrorHandler(faultToRefusal);
  const loggerInstance: FastifyBaseLogger = log;
  let untaken: AddressResponder | undefined;
  const plain: FastifyInstance = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
    genReqId: (request) => saneRequestId(request.headers["x-request-id"]) ?? randomUUID(),
    bodyLimit: bodyLimitBytes,
    routerOptions: { maxParamLength: longestParam },
    http: { headersTimeout: headersWithinMs, connectionsCheckingInterval: lookAtConnectionsMs },
    return503OnClosing: false, // What still comes in while stopping is served; its connection is closed then.
    frameworkErrors: (error, request, reply) => void onFault(error, request, reply),
    clientErrorHandler: (error, socket) => refuseUnreadable(error, socket, untaken),
  });
  plain.server.maxConnections = options.connectionsMax ?? openConnectionsMax;
  plain.setValidatorCompiler((route) => {
    const validate = validatorCompiler(route as Parameters<typeof validatorCompiler>[0]);
    // Fastify says null where there is no body, which no optional schema takes.
    return route.httpPart === "body" ? (body) => validate(body ?? undefined) : validate;
  });
  // Answers are checked by their schemas, which also strips what is not theirs; JSON.stringify is the faster writer.
  plain.setSerializerCompiler(createSerializerCompiler({ stringify: JSON.stringify }));
  plain.setErrorHandler(onFault);
  readBodies(plain);
  plain.decorateRequest("caller");
  readTraceparent(plain);
  plain.addHook("onRequest", (request, reply, done) => {
    void reply.header("x-request-id", request.id);
    // No id, name or cursor has one, and no database can store it.
    if (request.url.includes("%00")) refuse(reply, nulInAddress);
    else done();
  });
  cutOffSlowBodies(plain, options.bodyWithinMs);
  const onAnswered = measureRequests(plain, metrics);
  if (options.earlyResponder !== undefined) installEarlyResponder(plain, options.earlyResponder, onAnswered);
  traceRequests(plain, options.tracing ?? noTracing);
  untaken = refuseUnknownAddresses(plain);
  serveOpenApi(plain, { ...openapi, version });
  serveProbes(plain, health, metrics, options.metricsKey);
  return plain.withTypeProvider<FastifyZodOpenApiTypeProvider>();
}

/** JSON only; what else a route takes, it says itself. */
function readBodies(http: FastifyInstance): void {
  http.removeAllContentTypeParsers();
  http.addContentTypeParser<Buffer>(["application/json"], { parseAs: "buffer" }, (request, bytes, done) => {
    try {
      done(null, parseBody(decodeBody(bytes, request.headers["content-type"])));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
}

/** A UUID, or a trace's id, is taken. Anything else is not: it stands in every log line, and a client could put a name there. */
const requestIdForm = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})$/i;

function saneRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" && requestIdForm.test(header) ? header : undefined;
}
