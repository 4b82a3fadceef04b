import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Metrics } from "../metrics.ts";

/**
 * Measures the duration of every request by method, route and status. The label `route` is the route's pattern, never the address
 * of a request. Returns a function that counts a response of the early responder, which has no route.
 */
export function measureRequests(
  http: FastifyInstance,
  metrics: Metrics,
): (request: IncomingMessage, response: ServerResponse) => void {
  const seconds = metrics.histogram({
    name: "crossline_http_request_seconds",
    help: "Time from the request's headers to the end of the response",
    labels: ["method", "route", "status"],
  });
  const faults = metrics.counter({
    name: "crossline_http_faults_total",
    help: "Requests with the status 500: bugs, each with a log message",
  });
  http.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "unknown";
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    if (reply.statusCode === 500) faults.inc();
    done();
  });
  return ({ method = "" }, { statusCode: status }) => seconds.observe({ method, route: "/v1/*", status }, 0);
}
