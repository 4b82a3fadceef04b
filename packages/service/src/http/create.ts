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
import { stampPerson } from "./person.ts";
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
  /** The key for `/metrics`. Without a key `/metrics` is open, which is safe only if no company can reach the address. */
  readonly metricsKey?: string;
  readonly openapi: Omit<OpenApiInfo, "version">;
  readonly faultToRefusal?: FaultToRefusal;
  /** Receives every request before Fastify does, so that a refusal costs almost nothing. */
  readonly earlyResponder?: EarlyResponder;
  readonly tracing?: Tracing;
  /** The maximum number of open connections, 1,000 by default. The server closes each further connection at once. */
  readonly connectionsMax?: number;
  /**
   * The time in which a request's body must arrive, 30 s by default. A route with `config: { streams: true }` has no
   * time limit for its body.
   */
  readonly bodyWithinMs?: number;
};

/** The maximum size of a body in bytes. A route can set another maximum (`bodyLimit`). */
export const bodyLimitBytes = 1_048_576;
const paramLengthMax = 300;
const openConnectionsMax = 1_000;
const headersWithinMs = 10_000;
const checkConnectionsMs = 5_000;
const nulInAddress = refusal("invalid_request", "The address contains a NUL character (%00).");

/**
 * Creates the HTTP server of a service. Add routes to the server, then call `listen`. Routes have zod schemas for body, query,
 * params, headers and responses, and `/openapi.json` describes them. Every refusal and every fault is a problem document. The
 * server has `/health/live`, `/health/ready` and `/metrics`. The server reads and returns a request id (`x-request-id`, a UUID).
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
    routerOptions: { maxParamLength: paramLengthMax },
    http: { headersTimeout: headersWithinMs, connectionsCheckingInterval: checkConnectionsMs },
    return503OnClosing: false, // During a stop the server still serves requests that arrive, and then closes their connections.
    frameworkErrors: (error, request, reply) => void onFault(error, request, reply),
    clientErrorHandler: (error, socket) => refuseUnreadable(error, socket, untaken),
  });
  plain.server.maxConnections = options.connectionsMax ?? openConnectionsMax;
  plain.setValidatorCompiler((route) => {
    const validate = validatorCompiler(route as Parameters<typeof validatorCompiler>[0]);
    // Without a body Fastify passes null, which no optional schema accepts.
    return route.httpPart === "body" ? (body) => validate(body ?? undefined) : validate;
  });
  // Schemas check the responses and remove fields that they do not name. JSON.stringify is faster than the library's
  // default serializer.
  plain.setSerializerCompiler(createSerializerCompiler({ stringify: JSON.stringify }));
  plain.setErrorHandler(onFault);
  readBodies(plain);
  plain.decorateRequest("caller");
  stampPerson(plain);
  readTraceparent(plain);
  plain.addHook("onRequest", (request, reply, done) => {
    void reply.header("x-request-id", request.id);
    // No id, name or cursor contains NUL, and PostgreSQL cannot store NUL.
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

/** Accepts JSON only. A route that accepts another content type adds its own parser. */
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

/**
 * An accepted request id is a UUID or a trace id. Every log message has the id, so the id must not contain a text that a client
 * chose.
 */
const requestIdForm = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})$/i;

function saneRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" && requestIdForm.test(header) ? header : undefined;
}
