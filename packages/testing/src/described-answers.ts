import { subscribe } from "node:diagnostics_channel";
import { afterEach, expect } from "vitest";

/* Holds every answer of every service that a test starts in its own process against that service's OpenAPI document. */

type Answer = {
  readonly content?: Readonly<Record<string, { readonly examples?: Readonly<Record<string, unknown>> }>>;
};
type Document = {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { responses: Record<string, Answer & { $ref?: string }> }>>>
  >;
  readonly components?: { readonly responses?: Readonly<Record<string, Answer>> };
};
type Request = {
  readonly method: string;
  readonly routeOptions: { readonly url?: string };
};
type Reply = {
  readonly statusCode: number;
  readonly raw: { readonly destroyed: boolean };
  getHeader(name: string): unknown;
};
type Sent = (error: null, payload: unknown) => void;
type Server = {
  describe?(): Document;
  addHook(name: "onSend", hook: (request: Request, reply: Reply, payload: unknown, done: Sent) => void): void;
};

const undescribed = new Set<string>();

subscribe("fastify.initialization", (message) => {
  const { fastify } = message as { fastify: Server };
  fastify.addHook("onSend", (request, reply, payload, done) => {
    const fault = faultOf(fastify, request, reply, payload);
    if (fault !== undefined) undescribed.add(`${request.method} ${request.routeOptions.url}: ${fault}`);
    done(null, payload);
  });
});

afterEach(() => {
  const found = [...undescribed];
  undescribed.clear();
  // oxlint-disable-next-line vitest/no-standalone-expect -- it stands in a hook that belongs to every test
  expect(found, "answers that the OpenAPI document does not have").toEqual([]);
});

function faultOf(server: Server, request: Request, reply: Reply, payload: unknown): string | undefined {
  const { method, routeOptions } = request;
  if (reply.raw.destroyed) return undefined; // The client is gone, and reads no answer.
  const path = routeOptions.url?.replaceAll(/:(\w+)/g, "{$1}");
  if (path?.startsWith("/v1/") !== true || server.describe === undefined) return undefined;
  const { paths, components } = server.describe();
  const operation = paths[path]?.[method.toLowerCase()];
  if (operation === undefined) return undefined; // Hidden: what another service answers is held against its document.
  const described = operation.responses[reply.statusCode];
  if (described === undefined) return `the status ${reply.statusCode}`;
  const { content } = components?.responses?.[described.$ref?.split("/").at(-1) ?? ""] ?? described;
  const type = String(reply.getHeader("content-type")).split(";")[0] ?? "";
  if (content === undefined) return undefined;
  const media = content[type];
  if (media === undefined) return `${reply.statusCode} as ${type}`;
  if (type !== "application/problem+json" || typeof payload !== "string") return undefined;
  const { code } = JSON.parse(payload) as { code: string };
  return media.examples?.[code] === undefined ? `the code ${code}` : undefined;
}
