import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Metrics } from "../metrics.ts";

/**
 * Takes how long every answer took, by method, route (its pattern, never the address) and status. Gives what counts an answer that
 * came before a route was looked for.
 */
export function measureRequests(
  http: FastifyInstance,
  metrics: Metrics,
): (request: IncomingMessage, response: ServerResponse) => void {
  const seconds = metrics.histogram({
    name: "crossline_http_request_seconds",
    help: "From the request's headers to the end of the answer",
    labels: ["method", "route", "status"],
  });
  const faults = metrics.counter({
    name: "crossline_http_faults_total",
    help: "Requests that were answered 500: bugs, each with a log line",
  });
  http.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "unknown";
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    if (reply.statusCode === 500) faults.inc();
    done();
  });
  return ({ method = "" }, { statusCode: status }) => seconds.observe({ method, route: "/v1/*", status }, 0);
}
