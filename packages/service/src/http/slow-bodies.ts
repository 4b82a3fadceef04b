import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
import { refuseUnreadable } from "./unreadable.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The body is a stream that may take as long as it likes. */
    readonly streams?: boolean;
  }
  interface FastifyRequest {
    bodyTimer: NodeJS.Timeout | undefined;
  }
}

const bodyWithinMs = 30_000;

/**
 * Ends connections whose request's body is not here as a whole in time: 400, as for slow headers. Node's own
 * `requestTimeout` cannot except a route, and an import takes hours.
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
  // Refused before the body was read, or gone.
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
 * Reads to nowhere what a stream still sends after its answer: Node reads on by itself only where nobody has begun to read, and
 * the next request on the connection would wait behind the rest. A sender that goes on for too long is cut off.
 */
function discardRest(stream: IncomingMessage, withinMs: number): void {
  if (stream.readableEnded || stream.destroyed) return;
  const timer = setTimeout(() => stream.socket.destroy(), withinMs);
  stream.once("close", () => clearTimeout(timer));
  stream.resume();
}
