import { subscribe } from "node:diagnostics_channel";

/*
 * Compares every response of a service in the test's own process with that service's OpenAPI document. A worker loads this module
 * once, so its test files share one subscription and the created documents.
 */

type DescribedResponse = {
  readonly content?: Readonly<Record<string, { readonly examples?: Readonly<Record<string, unknown>> }>>;
};
type Document = {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { responses: Record<string, DescribedResponse & { $ref?: string }> }>>>
  >;
  readonly components?: { readonly responses?: Readonly<Record<string, DescribedResponse>> };
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
type SendCallback = (error: null, payload: unknown) => void;
type Server = {
  describe?(): Document;
  addHook(name: "onRoute", hook: (route: { method: string | string[]; url: string }) => void): void;
  addHook(name: "onSend", hook: (request: Request, reply: Reply, payload: unknown, done: SendCallback) => void): void;
};

const undescribed = new Set<string>();
/**
 * The OpenAPI documents, keyed by the routes of their server. The documents are cached, because tests start the same service
 * hundreds of times, and a document takes 30 ms or more.
 */
const documents = new Map<string, Document>();

/** Returns the responses that no document describes, and that services have sent since the last call. */
export function takeUndescribed(): readonly string[] {
  const responses = [...undescribed];
  undescribed.clear();
  return responses;
}

subscribe("fastify.initialization", (message) => {
  const { fastify } = message as { fastify: Server };
  const routes: string[] = [];
  let document: Document | undefined;
  fastify.addHook("onRoute", ({ method, url }) => void routes.push(`${String(method)} ${url}`));
  fastify.addHook("onSend", (request, reply, payload, done) => {
    document ??= documentOf(fastify, routes.join());
    const fault = document === undefined ? undefined : faultOf(document, request, reply, payload);
    if (fault !== undefined) undescribed.add(`${request.method} ${request.routeOptions.url}: ${fault}`);
    done(null, payload);
  });
});

function documentOf(server: Server, routes: string): Document | undefined {
  const document = documents.get(routes) ?? server.describe?.();
  if (document !== undefined) documents.set(routes, document);
  return document;
}

function faultOf(
  { paths, components }: Document,
  request: Request,
  reply: Reply,
  payload: unknown,
): string | undefined {
  const { method, routeOptions } = request;
  if (reply.raw.destroyed) return undefined; // The client has closed the connection and reads no response.
  const path = routeOptions.url?.replaceAll(/:(\w+)/g, "{$1}");
  if (path?.startsWith("/v1/") !== true) return undefined;
  const operation = paths[path]?.[method.toLowerCase()];
  if (operation === undefined) return undefined; // A hidden operation forwards another service's response, which is compared with that service's document.
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
