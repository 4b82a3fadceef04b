import assert from "node:assert/strict";
import { createHash, timingSafeEqual } from "node:crypto";
import { type Instant, type KeyScope, type Refusal, formatInstant, refusal } from "@crossline/contracts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { refuse } from "./refusal.ts";
import { scopeOf } from "./scope.ts";

/** The party that sent a request, known by its API key. */
export type Caller = {
  readonly party: string;
  readonly kind: "carrier" | "vendor" | "operator";
  readonly keyId: string;
  /** The scopes of the API key. Undefined: all scopes. */
  readonly scopes?: readonly KeyScope[] | undefined;
};

/** The result of the lookup of an API key that has expired. */
type ExpiredKey = { readonly expiredAt: Instant };
type FoundKey = Caller | ExpiredKey | undefined;

declare module "fastify" {
  interface FastifyRequest {
    /** The caller, which the hook `authenticated` sets. Read the caller with `callerOf`. */
    caller: Caller | undefined;
    /**
     * The parent of the spans that the request causes, which is the request's own span. Without tracing, the parent is the
     * request's `traceparent` header if that header is valid.
     */
    readonly traceparent: string | undefined;
  }
}

/** Returns the caller with an API key, and undefined for an unknown key. */
export type KeyLookup = {
  (key: string): Promise<FoundKey> | FoundKey;
  /** Returns the caller if the cache in memory has it. */
  findCached?(key: string): Caller | undefined;
};
type AuthenticationHook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;
type RequestHook = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

const noKey = refusal("unauthenticated", "Send the header `Authorization: Bearer <API key>`.");
const wrongKey = refusal("unauthenticated", "This API key is unknown.");

/**
 * Returns a hook that accepts only callers with a known key that has not expired. The key must have the scope of the route. If
 * `kinds` is present, the hook accepts only callers of these kinds.
 * As an `onRequest` hook, the function refuses an unknown caller before the body is read. As a `preHandler` hook, the function
 * runs after the validation.
 */
export function authenticated(authenticate: KeyLookup, kinds?: readonly Caller["kind"][]): AuthenticationHook {
  return (request, reply, done) => {
    const key = bearerKey(request);
    if (key === undefined) return void refuse(reply, noKey);
    const check = (caller: FoundKey): void => {
      if (caller === undefined) return void refuse(reply, wrongKey);
      if ("expiredAt" in caller) return void refuse(reply, expiredKey(caller));
      const missing = caller.scopes === undefined ? undefined : refuseScope(caller.scopes, request);
      if (missing !== undefined) return void refuse(reply, missing);
      if (kinds !== undefined && !kinds.includes(caller.kind)) return void refuse(reply, wrongKind(kinds));
      request.caller = caller;
      done();
    };
    const caller = authenticate.findCached?.(key) ?? authenticate(key);
    // If the cache has the caller, the hook stays synchronous.
    if (caller instanceof Promise) caller.then(check, done);
    else check(caller);
  };
}

/**
 * Returns a hook that accepts only one key, which it compares in constant time. The hook guards the routes for services and the
 * operator.
 */
export function internalOnly(key: string): RequestHook {
  const expected = digest(key);
  return async (request, reply) => {
    const given = bearerKey(request);
    if (given === undefined) return refuse(reply, noKey);
    return timingSafeEqual(digest(given), expected) ? undefined : refuse(reply, wrongKey);
  };
}

/**
 * Returns the caller of a request whose route has the hook `authenticated`. An assertion fails if the route does not
 * have the hook.
 */
export function callerOf(request: FastifyRequest): Caller {
  assert(request.caller !== undefined, "a route reads its caller without the hook authenticated");
  return request.caller;
}

/** Returns the key of `Authorization: Bearer …` (RFC 6750, 2.1). Returns undefined if the header has another form. */
export function bearerKey(request: Pick<FastifyRequest, "raw">): string | undefined {
  return /^Bearer +([\w~+/.=-]{1,512})$/i.exec(request.raw.headers.authorization ?? "")?.[1];
}

function expiredKey({ expiredAt }: ExpiredKey): Refusal {
  const since = formatInstant(expiredAt);
  return refusal("unauthenticated", `This API key expired at ${since}. Use another key of your company.`, {
    facts: { expiredAt: since },
  });
}

/** Returns the refusal of a request for which the key lacks the scope; undefined if the key has the scope. */
function refuseScope(scopes: readonly KeyScope[], { method, routeOptions }: FastifyRequest): Refusal | undefined {
  const { url = "", schema, config } = routeOptions;
  if (config.forwards === true) return undefined; // The service that serves the request checks the scope.
  const scope = scopeOf({ method, url, schema });
  if (scope === undefined) return refusal("forbidden", "No scope of an API key allows this request.");
  if (scopes.includes(scope)) return undefined;
  return refusal("forbidden", `This API key lacks the scope "${scope}", which this request needs.`, {
    facts: { scope },
  });
}

function wrongKind(kinds: readonly string[]): Refusal {
  return refusal("forbidden", `This is only for a ${kinds.join(" or a ")}.`);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
