import { problemDocument } from "@crossline/contracts";
import swagger from "@fastify/swagger";
import type { FastifyDynamicSwaggerOptions } from "@fastify/swagger";
import { fastifyZodOpenApiPlugin, fastifyZodOpenApiTransformers } from "fastify-zod-openapi";
import type { FastifyInstance } from "fastify";

export type OpenApiInfo = {
  readonly title: string;
  readonly description: string;
  readonly version: string;
  /** Completes the description with what this service answers on behalf of others; asked at every request for it. */
  readonly complete?: (own: object) => Promise<object>;
};

/** Every route can answer with a problem; said here once for all. */
const refused = {
  description: "A refusal (RFC 9457); nothing was changed. The `code` is for programs, the `detail` for people.",
  content: { "application/problem+json": { schema: problemDocument } },
};

const transform: NonNullable<FastifyDynamicSwaggerOptions["transform"]> = (route) => {
  const { schema } = route;
  if (schema === undefined || schema.hide === true) return { schema: { ...schema, hide: true }, url: route.url };
  const response = { ...(schema.response as Record<string, unknown> | undefined), default: refused };
  return fastifyZodOpenApiTransformers.transform({ ...route, schema: { ...schema, response } });
};

/** Serves the description of all routes that have a schema and do not hide it, as OpenAPI 3.1. To be called before the first route. */
export async function serveOpenApi(http: FastifyInstance, info: OpenApiInfo): Promise<void> {
  await http.register(fastifyZodOpenApiPlugin);
  await http.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: info.title, description: info.description, version: info.version },
      components: { securitySchemes: { apiKey: { type: "http", scheme: "bearer" } } },
      security: [{ apiKey: [] }],
    },
    transform,
    transformObject: fastifyZodOpenApiTransformers.transformObject,
  });
  let document: string | undefined; // Routes cannot be added any more once the first request is answered.
  http.get("/openapi.json", { schema: { hide: true } }, async (_request, reply) => {
    const text =
      info.complete === undefined
        ? (document ??= JSON.stringify(http.swagger()))
        : JSON.stringify(await info.complete(http.swagger()));
    return reply.type("application/json; charset=utf-8").send(text);
  });
}
