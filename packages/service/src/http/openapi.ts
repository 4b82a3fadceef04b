import { STATUS_CODES } from "node:http";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { createDocument } from "zod-openapi";
import { type Schemas, exampleOf } from "./example.ts";
import { type Operation, codesOf, isKeyed, operationsOf } from "./operation.ts";
import { scopeOf } from "./scope.ts";
import { RefusalResponses, responseHeaders } from "./refusal-responses.ts";
import { caughtUpHeader } from "./stepped.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** Returns the service's own OpenAPI document. After the first call no route can be added. */
    describe(): object;
  }
}

export type OpenApiInfo = {
  readonly title: string;
  readonly description: string;
  readonly version: string;
  /** Adds the operations that this service forwards to other services. The function runs at every request for the document. */
  readonly complete?: (own: object) => Promise<object>;
};

const key = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/)
  .meta({
    param: { id: "IdempotencyKey" },
    description:
      "The client's id of the request. A repeated request with the same id within 24 hours gets the first response again",
    examples: ["b7f1c1de-6a0c-4d3e-9a52-0d3f3b1f9a11"],
  });
const traceparent = z
  .string()
  .optional()
  .meta({
    param: { id: "Traceparent" },
    description: "W3C Trace Context: the spans of this request belong to this trace",
  });
const requestId = z
  .string()
  .optional()
  .meta({
    param: { id: "RequestIdWanted" },
    description: "A UUID or 32 hex digits as the id of this request; without it the service creates one",
  });
const caughtUp = z
  .enum(["true", "false"])
  .optional()
  .meta({ description: "For a stepped timeline: whether it was caught up at the read" });
const replayed = z.literal("true").optional().meta({
  description: "Present if a request on a case, a timeline or a party was repeated: this is the first response",
});

/**
 * Serves the OpenAPI 3.1 document of all routes that have a schema and do not hide it. Call this function before the first route
 * is added.
 */
export function serveOpenApi(http: FastifyInstance, info: OpenApiInfo): void {
  const operations: Operation[] = [];
  http.addHook("onRoute", (route) => void operations.push(...operationsOf(route)));
  let document: object | undefined; // After the first request no route can be added, so the document stays complete.
  http.decorate("describe", () => (document ??= documentOf(operations, info)));
  http.get("/openapi.json", { schema: { hide: true } }, async (_request, reply) => {
    const own = http.describe();
    return reply.type("application/json; charset=utf-8").send(JSON.stringify((await info.complete?.(own)) ?? own));
  });
}

function documentOf(operations: readonly Operation[], { title, description, version }: OpenApiInfo): object {
  const refusals = new RefusalResponses();
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) (paths[operation.path] ??= {})[operation.method] = describe(operation, refusals);
  const whole = {
    openapi: "3.1.0" as const,
    info: { title, description, version },
    servers: [{ url: "/" }],
    security: [{ apiKey: [] }],
    paths,
    components: { securitySchemes: { apiKey: { type: "http" as const, scheme: "bearer" } } },
  };
  const document = createDocument(whole, {
    override: ({ io, jsonSchema }) => {
      // A client must accept a response with fields of a later version.
      if (io === "output" && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      // The Java generator turns a constant into an enum, and Java does not compile an enum of booleans.
      if (typeof jsonSchema.const === "boolean") delete jsonSchema.const;
    },
  });
  const described = Object.values(document.paths ?? {}).flatMap((methods) => Object.values(methods));
  addExamples(described, document.components?.schemas ?? {});
  return document;
}

function describe(operation: Operation, refusals: RefusalResponses): object {
  const { method, path, schema } = operation;
  const scope = scopeOf({ method, url: path, schema });
  const { operationId, summary, description, params, querystring, headers } = schema;
  const [, , room = ""] = path.split("/");
  const header = z.object({
    ...(isKeyed(operation) && { "Idempotency-Key": key }),
    traceparent,
    "x-request-id": requestId,
    ...(headers instanceof z.ZodObject && headers.shape),
  });
  return {
    ...(operationId !== undefined && { operationId }),
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    tags: schema.tags ?? [room],
    security: schema.security ?? [{ apiKey: scope === undefined ? [] : [scope] }],
    requestParams: {
      ...(params instanceof z.ZodObject && { path: params }),
      ...(querystring instanceof z.ZodObject && { query: querystring }),
      header,
    },
    ...bodyOf(operation),
    responses: { ...responsesOf(operation), ...refusals.of(codesOf(operation)) },
  };
}

function bodyOf({ schema }: Operation): object {
  const { schema: body, mediaType = "application/json" } = schema.sends ?? {
    schema: schema.body as z.ZodType | undefined,
  };
  if (body === undefined) return {};
  const isOptional = schema.sends === undefined && body.safeParse(undefined).success;
  return { requestBody: { required: !isOptional, content: { [mediaType]: { schema: body } } } };
}

function responsesOf(operation: Operation): Record<string, object> {
  const { method, schema } = operation;
  const enforced = (schema.response ?? {}) as Readonly<Record<string, z.ZodType>>;
  const declared = schema.responses ?? (method === "delete" ? { 204: {} } : {});
  const statuses = new Set([...Object.keys(enforced), ...Object.keys(declared)]);
  return Object.fromEntries(
    [...statuses].map((status) => {
      const {
        headers,
        schema: content = enforced[status],
        mediaType = "application/json",
        others = {},
      } = declared[Number(status)] ?? {};
      const all = {
        ...responseHeaders,
        ...headers?.shape,
        ...(isKeyed(operation) && { "idempotent-replayed": replayed }),
        ...(method === "get" && { [caughtUpHeader]: caughtUp }),
      };
      return [
        status,
        {
          description: STATUS_CODES[status] ?? status,
          headers: z.object(all),
          ...(content !== undefined && { content: contentOf({ [mediaType]: content, ...others }) }),
        },
      ];
    }),
  );
}

function contentOf(schemas: Readonly<Record<string, z.ZodType>>): object {
  return Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [type, { schema }]));
}

type Media = { readonly schema?: unknown; readonly examples?: unknown; example?: unknown };
type Body = { readonly content?: Readonly<Record<string, Media>> };
type DescribedOperation = { readonly requestBody?: Body; readonly responses?: Readonly<Record<string, Body>> };

/** Adds an example to every media type that has none, so that the document shows each body and each response. */
function addExamples(operations: Iterable<unknown>, schemas: Schemas): void {
  for (const { requestBody = {}, responses = {} } of operations as Iterable<DescribedOperation>)
    for (const { content = {} } of [requestBody, ...Object.values(responses)])
      for (const media of Object.values(content)) media.example ??= exampleOf(media.schema, schemas);
}
