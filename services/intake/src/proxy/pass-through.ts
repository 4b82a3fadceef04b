import { refusal } from "@crossline/contracts";
import { type FastifyReply, type FastifyRequest, type Http, refuse } from "@crossline/service";
import { type Dispatcher, Pool } from "undici";
import { type ReadAgainDeps, readAgain } from "./read-again.ts";
import type { ServiceAddresses } from "../services/other-services.ts";

/** The `/v1` routes of the other services, which have one public address with intake's own. `*` is the rest of an address. */
const proxiedRoutes: Readonly<Record<keyof ServiceAddresses, readonly string[]>> = {
  timer: ["/v1/cases/:id/clocks", "/v1/cases/:id/clocks/preview"],
  routing: [
    "/v1/lines",
    "/v1/lines/*",
    "/v1/rosters",
    "/v1/rosters/*",
    "/v1/calendars",
    "/v1/calendars/*",
    "/v1/holidays",
    "/v1/reports/codes",
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
};

// A command on a stepped timeline waits for quiet, and that may take 10 s.
const answerWithinMs = 30_000;
const connectWithinMs = 2_000;
const retryAfterSeconds = 1;

/** Headers of one connection only (RFC 9110, 7.6.1), and those that the proxy sets itself. */
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

type ProxyDeps = ReadAgainDeps & {
  readonly addresses: ServiceAddresses;
  /** Hooks that authenticate and admit a request. */
  readonly doors: readonly ((request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void)[];
};

/**
 * Passes requests on to the other services, and streams their answers back. A request is passed on once it has arrived as a whole:
 * one that came byte by byte would keep a connection to the other service from everybody else. The body of a request without a
 * known key is not read.
 *
 * `@fastify/reply-from` (12.6) was tried here. It has no abort when the client leaves, cannot read again before it answers
 * (`read-again.ts`), encodes a body that it did not parse, and brings a second undici. With these added by hand the file was longer.
 */
export function serveProxy(http: Http, deps: ProxyDeps): { close(): Promise<void> } {
  const pools: Pool[] = [];
  void http.register((plain, _options, done) => {
    for (const door of deps.doors) plain.addHook("onRequest", door);
    plain.removeAllContentTypeParsers();
    plain.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, parsed) => parsed(null, body));
    for (const [name, paths] of Object.entries(proxiedRoutes) as [keyof ServiceAddresses, readonly string[]][]) {
      const pool = new Pool(deps.addresses[name], {
        connections: 32,
        connect: { timeout: connectWithinMs },
        headersTimeout: answerWithinMs,
        bodyTimeout: answerWithinMs,
      });
      pools.push(pool);
      const service = { awaitEffects: deps.awaitEffects, services: deps.services, pool, name };
      for (const url of paths) {
        plain.route({
          method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
          url,
          schema: { hide: true },
          handler: (request, reply) => passThrough(service, request, reply),
        });
      }
    }
    done();
  });
  return {
    async close() {
      await Promise.all(pools.map((pool) => pool.close()));
    },
  };
}

type ProxiedService = ReadAgainDeps & { readonly pool: Pool; readonly name: keyof ServiceAddresses };

async function passThrough(
  { pool, name, ...deps }: ProxiedService,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (!isPublic(request.url)) return refuse(reply, refusal("not_found", "This address does not exist."));
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  const { "content-length": _, ...own } = headersOf(request.headers);
  const { id, traceparent } = request;
  // The other service continues our span, or the client's trace where requests are not traced.
  const headers = { ...own, "x-request-id": id, ...(traceparent !== undefined && { traceparent }) };
  const body = Buffer.isBuffer(request.body) && request.body.length > 0 ? request.body : null;
  const ask = () => pool.request({ path: request.url, method: request.method, headers, body, signal: gone.signal });
  let answer: Dispatcher.ResponseData;
  try {
    // A kept-alive connection may be closed by the other side in the very moment that it is used again.
    answer =
      request.method === "GET" ? await readAgain(deps, { name, request, reply }, () => ask().catch(ask)) : await ask();
  } catch (error) {
    if (gone.signal.aborted) return reply;
    request.log.warn({ part: name, err: error }, "a part could not be reached");
    return refuse(
      reply,
      refusal("unavailable", `The part that answers this, ${name}, cannot be reached.`, { retryAfterSeconds }),
    );
  }
  return reply.code(answer.statusCode).headers(headersOf(answer.headers)).send(answer.body);
}

/** An address with `..` in it could lead to the inside of the other service. */
function isPublic(address: string): boolean {
  return new URL(address, "http://part").pathname.startsWith("/v1/");
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
