import { refusal } from "@crossline/contracts";
import { z } from "zod";
import { createHealth, createHttp, createLogger, createMetrics, send } from "../../src/index.ts";
import type { Health, Http, HttpOptions } from "../../src/index.ts";

/** Creates a server with one small resource, and returns it with its log messages and its health. */
export async function createApp(
  more: Partial<Pick<HttpOptions, "faultToRefusal" | "earlyResponder" | "connectionsMax" | "bodyWithinMs">> = {},
) {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger("probe", "debug", { write: (line) => void lines.push(JSON.parse(line)) });
  const health: Health = createHealth();
  const metrics = createMetrics("probe");
  const openapi = { title: "Probe", description: "For tests" };
  const http = await createHttp({ version: "1.2.3", log, health, metrics, openapi, ...more });
  addThings(http);
  return { http, lines, health, metrics };
}

const thing = z.strictObject({
  name: z.string().min(1).max(20),
  device: z.strictObject({ model: z.string(), "a/b~c": z.int().optional() }).optional(),
  tags: z.array(z.string()).max(3).default([]),
});
const storedThing = z.object({ id: z.string(), name: z.string() }).meta({ id: "Thing" });

function addThings(http: Http): void {
  http.post(
    "/v1/things",
    { schema: { summary: "Make a thing", refuses: ["already_exists"], body: thing, response: { 201: storedThing } } },
    async (request, reply) => {
      if (request.body.name === "taken") return send(reply, 201, refusal("already_exists", "It is taken."));
      if (request.body.name === "fault") throw new Error("the disk is on fire", { cause: new Error("a match") });
      // The response omits a field that the schema does not name.
      const stored = { id: "1", name: request.body.name, secret: "s" };
      return send(reply, 201, stored);
    },
  );
  http.get(
    "/v1/things/:id",
    {
      schema: {
        params: z.object({ id: z.string().regex(/^\d+$/, "an id is digits") }),
        querystring: z.strictObject({ limit: z.coerce.number().int().max(10).default(5) }),
        headers: z.object({ "x-wanted": z.string() }),
        response: { 200: z.object({ id: z.string(), limit: z.int(), traceparent: z.string().optional() }) },
      },
    },
    async (request, reply) => {
      const trace = request.traceparent === undefined ? {} : { traceparent: request.traceparent };
      return send(reply, 200, { id: request.params.id, limit: request.query.limit, ...trace });
    },
  );
  http.post(
    "/v1/streams",
    { config: { streams: true }, schema: { hide: true, body: z.object({}) } },
    async (_request, reply) => reply.code(204).send(),
  );
  http.delete("/v1/things/:id", { schema: { params: z.object({ id: z.string() }) } }, async (_request, reply) =>
    reply.code(204).send(),
  );
}
