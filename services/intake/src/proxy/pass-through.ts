import { refusal } from "@crossline/contracts";
import { type FastifyReply, type FastifyRequest, type Http, refuse } from "@crossline/service";
import { type Dispatcher, Pool } from "undici";
import { type ReadAgainDeps, readAgain } from "./read-again.ts";
import type { ServiceAddresses } from "../services/other-services.ts";
import { type ProxyDeps, receiveWholeBodies } from "./deps.ts";
import { serveSignIn } from "./sign-in.ts";

/** The `/v1` routes of the other services that intake serves at the public address. `*` stands for the rest of a path. */
const proxiedRoutes: Readonly<Record<keyof ServiceAddresses, readonly string[]>> = {
  timer: ["/v1/cases/:id/clocks", "/v1/cases/:id/clocks/preview"],
  routing: [
    "/v1/lines",
    "/v1/lines/*",
    "/v1/rosters",
    "/v1/rosters/*",
    "/v1/duty",
    "/v1/skills",
    "/v1/skills/*",
    "/v1/skill-uploads",
    "/v1/skill-uploads/*",
    "/v1/calendars",
    "/v1/calendars/*",
    "/v1/holidays",
    "/v1/reports/codes",
    "/v1/pools",
    "/v1/pools/*",
    "/v1/queues",
    "/v1/queues/*",
    "/v1/cases/:id/handoffs",
    "/v1/cases/:id/handoffs/*",
    "/v1/cases/:id/take",
    "/v1/cases/:id/joint/*",
  ],
  notification: [
    "/v1/subscriptions",
    "/v1/subscriptions/*",
    "/v1/deliveries",
    "/v1/deliveries/*",
    "/v1/last-resort-secret",
    "/v1/last-resort-secret/*",
    "/v1/rosters/:name/ring-tests/:id",
  ],
  // Routing serves /v1/reports/codes, and insight serves all other reports.
  insight: ["/v1/reports", "/v1/reports/*"],
  console: [
    "/v1/cases/:id/journal",
    "/v1/cases/:id/clock-history",
    "/v1/board",
    "/v1/search",
    "/v1/promises",
    "/v1/views",
    "/v1/views/*",
    "/v1/me",
    "/v1/sessions",
    "/v1/sessions/*",
    "/v1/sign-in-links",
    "/v1/actions",
    "/v1/actions/export",
    "/v1/parties/:party/issuer",
  ],
};

/** A stream lasts for hours, so it takes no place of admission and no connection of the other requests. */
const streamRoute = "/v1/stream";
/** The console sends a heartbeat every 15 s. */
const streamSilenceMaxMs = 45_000;

// A command on a stepped timeline waits up to 10 s until the timeline is caught up.
const respondWithinMs = 30_000;
const connectWithinMs = 2_000;
const retryAfterSeconds = 1;

/**
 * The headers that the proxy does not pass on: the headers of one connection (RFC 9110, 7.6.1), and the headers that the proxy sets
 * itself.
 */
const ownHeaders = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "host",
  "expect",
]);

/**
 * Passes requests to the other services and streams their responses back. Intake receives a request completely before it passes the
 * request on, so that a slow sender does not occupy a connection to the other service. Intake does not read the body of a request
 * without a known key.
 *
 * The alternative was the plugin `@fastify/reply-from` (12.6). The plugin does not abort when the client disconnects, and it cannot
 * send a request again before it responds (`read-again.ts`). The plugin also encodes a body that it did not parse, and adds a second
 * copy of undici. With the plugin and code for the missing features, the file was longer than without the plugin.
 */
export function serveProxy(http: Http, deps: ProxyDeps): { close(): Promise<void> } {
  const services: Readonly<Record<keyof ServiceAddresses, ProxiedService>> = {
    timer: connectService(deps, "timer"),
    routing: connectService(deps, "routing"),
    notification: connectService(deps, "notification"),
    insight: connectService(deps, "insight"),
    console: connectService(deps, "console"),
  };
  void http.register((plain, _options, done) => {
    plain.addHook("onRequest", deps.authentication);
    plain.addHook("onRequest", deps.admission);
    receiveWholeBodies(plain);
    for (const service of Object.values(services)) {
      for (const url of proxiedRoutes[service.name]) {
        plain.route({
          method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
          url,
          schema: { hide: true },
          config: { forwards: true },
          handler: (request, reply) => passThrough(service, request, reply),
        });
      }
    }
    done();
  });
  serveSignIn(http, deps, (request, reply) => passThrough(services.console, request, reply));
  const streams = serveStream(http, deps);
  return {
    async close() {
      await Promise.all([...Object.values(services).map(({ pool }) => pool), streams].map((pool) => pool.close()));
    },
  };
}

function connectService(deps: ProxyDeps, name: keyof ServiceAddresses): ProxiedService {
  const pool = new Pool(deps.addresses[name], {
    connections: 32,
    connect: { timeout: connectWithinMs },
    headersTimeout: respondWithinMs,
    bodyTimeout: respondWithinMs,
  });
  const awaitEffects = name === "console" ? deps.awaitConsole : deps.awaitEffects;
  return { awaitEffects, services: deps.services, pool, name };
}

/** Serves the stream of the console over a pool of its own. */
function serveStream(http: Http, deps: ProxyDeps): Pool {
  const pool = new Pool(deps.addresses.console, {
    connections: null, // The console limits the number of streams.
    connect: { timeout: connectWithinMs },
    headersTimeout: respondWithinMs,
    bodyTimeout: streamSilenceMaxMs,
  });
  const service = { awaitEffects: deps.awaitConsole, services: deps.services, pool, name: "console" as const };
  const options = { onRequest: deps.authentication, schema: { hide: true }, config: { forwards: true } };
  http.get(streamRoute, options, (request, reply) => passThrough(service, request, reply));
  return pool;
}

type ProxiedService = ReadAgainDeps & { readonly pool: Pool; readonly name: keyof ServiceAddresses };

async function passThrough(
  { pool, name, ...deps }: ProxiedService,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (!isPublic(request.url)) return refuse(reply, refusal("not_found", "This address does not exist."));
  const disconnect = new AbortController();
  reply.raw.once("close", () => disconnect.abort());
  const { "content-length": _, ...own } = headersOf(request.headers);
  const { id, traceparent } = request;
  // The other service continues intake's span, or the client's trace if intake does not trace requests.
  const headers = { ...own, "x-request-id": id, ...(traceparent !== undefined && { traceparent }) };
  const body = Buffer.isBuffer(request.body) && request.body.length > 0 ? request.body : null;
  const sendRequest = () =>
    pool.request({ path: request.url, method: request.method, headers, body, signal: disconnect.signal });
  let response: Dispatcher.ResponseData;
  try {
    // Intake sends a failed GET a second time, because the other service can close an idle connection at the moment when intake uses it
    // again.
    response =
      request.method === "GET" && request.caller !== undefined
        ? await readAgain(deps, { name, request, reply }, () => sendRequest().catch(sendRequest))
        : await sendRequest();
  } catch (error) {
    if (disconnect.signal.aborted) return reply;
    request.log.warn({ part: name, err: error }, "the other service is unreachable");
    return refuse(
      reply,
      refusal(
        "unavailable",
        `The service ${name}, which handles this request, is unreachable. Try again in a moment.`,
        { retryAfterSeconds },
      ),
    );
  }
  return reply.code(response.statusCode).headers(headersOf(response.headers)).send(response.body);
}

/** Returns false if an address leads to an internal route of the other service, for example because it contains `..`. */
function isPublic(address: string): boolean {
  return /^\/(?:$|track$|app\/|assets\/|v1\/)/.test(new URL(address, "http://service").pathname);
}

function headersOf(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | string[]> {
  const passedOn: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !ownHeaders.has(name)) passedOn[name] = value;
  }
  return passedOn;
}
