import { type Span, type Tracing, parseTraceparent } from "@crossline/tracing";
import type { FastifyInstance } from "fastify";

declare module "fastify" {
  interface FastifyRequest {
    /** The request's span, if tracing is on. */
    span: Span | undefined;
  }
}

/** Adds `request.traceparent` to requests. */
export function readTraceparent(http: FastifyInstance): void {
  http.decorateRequest("span");
  http.decorateRequest("traceparent", {
    getter() {
      return this.span?.traceparent ?? parseTraceparent(this.raw.headers["traceparent"]);
    },
  });
}

/**
 * Adds a span for every request to `/v1`, in the client's trace. The span lasts from the request's headers to the end of the
 * response. The span has the route's pattern and the status, never the address. Probes have no span, because they arrive every
 * second.
 */
export function traceRequests(http: FastifyInstance, tracing: Tracing): void {
  if (!tracing.isOn) return;
  http.addHook("onRequest", (request, reply, done) => {
    const route = request.routeOptions.url;
    if (route?.startsWith("/v1/") === true) {
      const { method } = request;
      const span = tracing.span(`${method} ${route}`, {
        kind: "server",
        parent: parseTraceparent(request.raw.headers["traceparent"]),
        attributes: { "http.request.method": method, "http.route": route },
      });
      request.span = span;
      // Node also emits "close" if the client has closed the connection.
      reply.raw.once("close", () => {
        const { statusCode } = reply;
        span.set({ "http.response.status_code": statusCode });
        span.end(statusCode >= 500 ? "the response is a fault" : undefined);
      });
    }
    done();
  });
}
