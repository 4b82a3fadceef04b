import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
import { refuseUnreadable } from "./unreadable.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** True if the body is a stream without a time limit. */
    readonly streams?: boolean;
  }
  interface FastifyRequest {
    bodyTimer: NodeJS.Timeout | undefined;
  }
}

const bodyWithinMs = 30_000;

/**
 * Ends a connection whose request body does not arrive completely in time. The response is 400, as for slow headers. Node's own
 * `requestTimeout` allows no exception for a route, and an import takes hours.
 */
export function cutOffSlowBodies(http: FastifyInstance, withinMs = bodyWithinMs): void {
  http.decorateRequest("bodyTimer", undefined);
  http.addHook("onRequest", (request, _reply, done) => {
    const { headers, socket } = request.raw;
    const hasBody = headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
    if (hasBody && request.routeOptions.config.streams !== true) {
      request.bodyTimer = setTimeout(() => {
        refuseUnreadable(Object.assign(new Error("slow"), { code: "ERR_HTTP_REQUEST_TIMEOUT" }), socket);
      }, withinMs);
    }
    done();
  });
  http.addHook("preValidation", (request, _reply, done) => {
    clearTimeout(request.bodyTimer);
    done();
  });
  // The request was refused before the body was read, or the client closed the connection.
  http.addHook("onResponse", (request, _reply, done) => {
    clearTimeout(request.bodyTimer);
    if (request.routeOptions.config.streams === true) discardRest(request.raw, withinMs);
    done();
  });
  http.addHook("onRequestAbort", (request, done) => {
    clearTimeout(request.bodyTimer);
    done();
  });
}

/**
 * Discards the unread rest of a request body after the response. Node discards only a body that no code has begun to
 * read. If a part of the body stayed unread, the next request on the connection would wait. If the sender does not stop
 * in time, the server closes the connection.
 */
function discardRest(stream: IncomingMessage, withinMs: number): void {
  if (stream.readableEnded || stream.destroyed) return;
  const timer = setTimeout(() => stream.socket.destroy(), withinMs);
  stream.once("close", () => clearTimeout(timer));
  stream.resume();
}
