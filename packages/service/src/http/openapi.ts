import { STATUS_CODES } from "node:http";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { createDocument } from "zod-openapi";
import { type Schemas, exampleOf } from "./example.ts";
import { type Operation, codesOf, isKeyed, operationsOf } from "./operation.ts";
import { RefusalResponses, responseHeaders } from "./refusal-responses.ts";
import { caughtUpHeader } from "./stepped.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** The service's own OpenAPI document. Routes cannot be added any more. */
    describe(): object;
  }
}

export type OpenApiInfo = {
  readonly title: string;
  readonly description: string;
  readonly version: string;
  /** Completes the description with what this service answers on behalf of others; asked at every request for it. */
  readonly complete?: (own: object) => Promise<object>;
};

const key = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/)
  .meta({
    param: { id: "IdempotencyKey" },
    description: "New for every request but its repetitions: a repetition within 24 hours gives the first answer again",
    examples: ["b7f1c1de-6a0c-4d3e-9a52-0d3f3b1f9a11"],
  });
const traceparent = z
  .string()
  .optional()
  .meta({
    param: { id: "Traceparent" },
    description: "W3C Trace Context: what this request causes goes on with that trace",
  });
const requestId = z
  .string()
  .optional()
  .meta({
    param: { id: "RequestIdWanted" },
    description: "A UUID or 32 hex digits to be this request's id; else a new one is made",
  });
const atRest = z
  .enum(["true", "false"])
  .optional()
  .meta({ description: "Of a stepped timeline: whether it was at rest when it was read" });
const replayed = z.literal("true").optional().meta({
  description: "There where an act on a case, a timeline or a party was repeated: this is the first answer",
});

/** Serves the description of all routes that have a schema and do not hide it, as OpenAPI 3.1. To be called before the first route. */
export function serveOpenApi(http: FastifyInstance, info: OpenApiInfo): void {
  const operations: Operation[] = [];
  http.addHook("onRoute", (route) => void operations.push(...operationsOf(route)));
  let document: object | undefined; // Routes cannot be added any more once the first request is answered.
  http.decorate("describe", () => (document ??= documentOf(operations, info)));
  http.get("/openapi.json", { schema: { hide: true } }, async (_request, reply) => {
    const own = http.describe();
    return reply.type("application/json; charset=utf-8").send(JSON.stringify((await info.complete?.(own)) ?? own));
  });
}

function documentOf(operations: readonly Operation[], { title, description, version }: OpenApiInfo): object {
  const refused = new RefusalResponses();
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) (paths[operation.path] ??= {})[operation.method] = describe(operation, refused);
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
      // A client must not stumble over a field that an answer has from a later version on.
      if (io === "output" && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      // The Java generator makes an enum of a constant, and one of truth values does not compile.
      if (typeof jsonSchema.const === "boolean") delete jsonSchema.const;
    },
  });
  const described = Object.values(document.paths ?? {}).flatMap((methods) => Object.values(methods));
  addExamples(described, document.components?.schemas ?? {});
  return document;
}

function describe(operation: Operation, refused: RefusalResponses): object {
  const { path, schema } = operation;
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
    security: schema.security ?? [{ apiKey: [] }],
    requestParams: {
      ...(params instanceof z.ZodObject && { path: params }),
      ...(querystring instanceof z.ZodObject && { query: querystring }),
      header,
    },
    ...bodyOf(operation),
    responses: { ...responsesOf(operation), ...refused.of(codesOf(operation)) },
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
  const said = schema.answers ?? (method === "delete" ? { 204: {} } : {});
  const statuses = new Set([...Object.keys(enforced), ...Object.keys(said)]);
  return Object.fromEntries(
    [...statuses].map((status) => {
      const {
        headers,
        schema: content = enforced[status],
        mediaType = "application/json",
      } = said[Number(status)] ?? {};
      const all = {
        ...responseHeaders,
        ...headers?.shape,
        ...(isKeyed(operation) && { "idempotent-replayed": replayed }),
        ...(method === "get" && { [caughtUpHeader]: atRest }),
      };
      return [
        status,
        {
          description: STATUS_CODES[status] ?? status,
          headers: z.object(all),
          ...(content !== undefined && { content: { [mediaType]: { schema: content } } }),
        },
      ];
    }),
  );
}

type Media = { readonly schema?: unknown; readonly examples?: unknown; example?: unknown };
type Body = { readonly content?: Readonly<Record<string, Media>> };
type DescribedOperation = { readonly requestBody?: Body; readonly responses?: Readonly<Record<string, Body>> };

/** Gives every media type of an operation that has none an example, so that each body and each answer is shown. */
function addExamples(operations: Iterable<unknown>, schemas: Schemas): void {
  for (const { requestBody = {}, responses = {} } of operations as Iterable<DescribedOperation>)
    for (const { content = {} } of [requestBody, ...Object.values(responses)])
      for (const media of Object.values(content)) media.example ??= exampleOf(media.schema, schemas);
}
