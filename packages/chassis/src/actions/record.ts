import { type FastifyRequest, type Http, isCaseCommand } from "@crossline/service";

import type { CommandRecorder } from "./commands.ts";
import type { ReadRecorder } from "./reads.ts";

type Hook = (request: FastifyRequest, reply: { readonly statusCode: number }, done: () => void) => void;

/**
 * Adds the hooks that record the commands and the reads of every route that is added later. A command on a case gets no hook, because
 * the facts of the case record it. A route that forwards gets none either, because the other service records the request.
 */
export function recordRequests(http: Http, { run }: CommandRecorder, { record }: ReadRecorder): void {
  const asCommand: Hook = (request, _reply, done) => run(request, done);
  const asRead: Hook = (request, { statusCode }, done) => {
    if (statusCode < 400) record(request);
    done();
  };
  http.addHook("onRoute", (route) => {
    const { url } = route;
    if (route.config?.forwards === true) return;
    for (const method of [route.method].flat())
      switch (kindOf(method.toUpperCase(), url)) {
        case "command":
          route.preHandler = withHook(asCommand, route.preHandler);
          break;
        case "read":
          route.onResponse = withHook(asRead, route.onResponse);
          break;
        case undefined:
      }
  });
}

function kindOf(method: string, url: string): "command" | "read" | undefined {
  const isPublic = url.startsWith("/v1/");
  if (method === "GET" || method === "HEAD") return isPublic ? "read" : undefined;
  return (isPublic || url.startsWith("/internal/")) && !isCaseCommand(url) ? "command" : undefined;
}

/** Adds a hook before the route's own hooks, at most once. Fastify adds a HEAD route with the hooks of its GET route. */
function withHook(hook: Hook, own: unknown): any {
  const hooks = own === undefined ? [] : [own].flat();
  return hooks.includes(hook) ? hooks : [hook, ...hooks];
}
