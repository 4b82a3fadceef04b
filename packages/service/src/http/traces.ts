import { type Span, type Tracing, parseTraceparent } from "@crossline/tracing";
import type { FastifyInstance } from "fastify";

declare module "fastify" {
  interface FastifyRequest {
    /** While requests are traced. */
    span: Span | undefined;
  }
}

/** Adds `request.traceparent`. */
export function readTraceparent(http: FastifyInstance): void {
  http.decorateRequest("span");
  http.decorateRequest("traceparent", {
    getter() {
      return this.span?.traceparent ?? parseTraceparent(this.raw.headers["traceparent"]);
    },
  });
}

/**
 * A span for every request to `/v1`, from its headers to the end of its answer; it goes on with the client's trace. It says the
 * route's pattern and the status, never the address. Probes are asked every second, and by nobody's wish.
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
      // Also where the client went away.
      reply.raw.once("close", () => {
        const { statusCode } = reply;
        span.set({ "http.response.status_code": statusCode });
        span.end(statusCode >= 500 ? "answered with a fault" : undefined);
      });
    }
    done();
  });
}
