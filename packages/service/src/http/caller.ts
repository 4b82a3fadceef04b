import assert from "node:assert/strict";
import { createHash, timingSafeEqual } from "node:crypto";
import {
  type Instant,
  type KeyScope,
  type PersonRole,
  type Refusal,
  formatInstant,
  isRefusal,
  refusal,
} from "@crossline/contracts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { refuse } from "./refusal.ts";
import { hasScope, scopeOf } from "./scope.ts";
import { refuseForeignPage, sessionCookie } from "./session.ts";

/** The session of a signed-in person. */
export type CallerSession = {
  readonly id: string;
  /** The company's own id of the person. */
  readonly person: string;
  readonly roles: readonly PersonRole[];
  /** A secret that stays the same during the session. It seals stored responses. */
  readonly seal: string;
};

/** The party that sent a request, known by its API key or by the session of its person. */
export type Caller = {
  readonly party: string;
  readonly kind: "carrier" | "vendor" | "operator";
  /** The id of the API key, or of the session. */
  readonly keyId: string;
  /** The scopes of the API key, or of the roles of the person. Undefined: all scopes. */
  readonly scopes?: readonly KeyScope[] | undefined;
  /** A secret that stays the same as long as the operator's key. Present if the operator sent the request with its key. */
  readonly seal?: string | undefined;
  /** Present if a signed-in person sent the request. */
  readonly session?: CallerSession | undefined;
};

/** The result of the lookup of an API key that has expired. */
type ExpiredKey = { readonly expiredAt: Instant };
type FoundKey = Caller | ExpiredKey | Refusal | undefined;

/** A caller whom only intake can check, and the assertion with which the other services know the caller. */
export type SignedInCaller = { readonly caller: Caller; readonly assertion: string };
type FoundSession = SignedInCaller | Refusal | undefined;

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
  /** Returns the caller with the session of a cookie. Only intake, which browsers reach, has this function. */
  findSession?(secret: string): Promise<FoundSession> | FoundSession;
  /** Signs an assertion for the operator, whose key only intake checks. Only intake has this function. */
  signOperator?(key: string, operator: Caller): Promise<SignedInCaller> | SignedInCaller;
  /** The address of Crossline for browsers. Undefined: the header Host names the address. */
  readonly publicOrigin?: string | undefined;
};
type AuthenticationHook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;
type RequestHook = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

const noKey = refusal("unauthenticated", "Send the header `Authorization: Bearer <API key>`, or sign in.");
const wrongKey = refusal("unauthenticated", "This API key is unknown.");
const wrongSession = refusal("unauthenticated", "This session has ended. Sign in again.");

/**
 * Returns a hook that accepts only callers with a known key that has not expired, or with an open session. The key or the roles must have
 * the scope of the route. If `kinds` is present, the hook accepts only callers of these kinds.
 * As an `onRequest` hook, the function refuses an unknown caller before the body is read. As a `preHandler` hook, the function
 * runs after the validation.
 */
export function authenticated(authenticate: KeyLookup, kinds?: readonly Caller["kind"][]): AuthenticationHook {
  return (request, reply, done) => {
    const accept = (caller: Caller): void => {
      const missing = caller.scopes === undefined ? undefined : refuseScope(caller, caller.scopes, request);
      if (missing !== undefined) return void refuse(reply, missing);
      if (kinds !== undefined && !kinds.includes(caller.kind)) return void refuse(reply, wrongKind(kinds));
      request.caller = caller;
      done();
    };
    const acceptSigned = ({ caller, assertion }: SignedInCaller): void => {
      // The other services know the caller by the assertion, and never receive the cookie or the operator's key.
      request.raw.headers.authorization = `Bearer ${assertion}`;
      delete request.raw.headers.cookie;
      accept(caller);
    };
    const key = bearerKey(request);
    if (key === undefined) {
      const secret = authenticate.findSession === undefined ? undefined : sessionCookie(request);
      if (secret === undefined) return void refuse(reply, noKey);
      const foreign = refuseForeignPage(request, authenticate.publicOrigin);
      if (foreign !== undefined) return void refuse(reply, foreign);
      return settle(authenticate.findSession?.(secret), done, (found) => {
        if (found === undefined) return void refuse(reply, wrongSession);
        if (isRefusal(found)) return void refuse(reply, found);
        acceptSigned(found);
      });
    }
    settle(authenticate.findCached?.(key) ?? authenticate(key), done, (caller) => {
      if (caller === undefined) return void refuse(reply, wrongKey);
      if (isRefusal(caller)) return void refuse(reply, caller);
      if ("expiredAt" in caller) return void refuse(reply, expiredKey(caller));
      if (caller.kind !== "operator" || authenticate.signOperator === undefined) return accept(caller);
      settle(authenticate.signOperator(key, caller), done, acceptSigned);
    });
  };
}

/** Passes a value on. If the value is in memory, the hook stays synchronous. */
function settle<T>(value: Promise<T> | T, onFault: (error: Error) => void, use: (value: T) => void): void {
  if (value instanceof Promise) value.then(use, onFault);
  else use(value);
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

/**
 * Returns a secret that only the client of an authenticated request has. The secret is its API key, or the seal of its session or of
 * the operator's key.
 */
export function credentialOf(request: FastifyRequest): string {
  const { session, seal } = callerOf(request);
  return session?.seal ?? seal ?? bearerKey(request) ?? "";
}

/** Returns the key of `Authorization: Bearer …` (RFC 6750, 2.1). Returns undefined if the header has another form. */
export function bearerKey(request: Pick<FastifyRequest, "raw">): string | undefined {
  return /^Bearer +([\w~+/.=-]{1,2048})$/i.exec(request.raw.headers.authorization ?? "")?.[1];
}

function expiredKey({ expiredAt }: ExpiredKey): Refusal {
  const since = formatInstant(expiredAt);
  return refusal("unauthenticated", `This API key expired at ${since}. Use another key of your company.`, {
    facts: { expiredAt: since },
  });
}

/** Returns the refusal of a request for which the key or the roles lack the scope; undefined if they have it. */
function refuseScope(
  { session }: Caller,
  scopes: readonly KeyScope[],
  { method, routeOptions }: FastifyRequest,
): Refusal | undefined {
  const { url = "", schema, config } = routeOptions;
  if (config.forwards === true) return undefined; // The service that serves the request checks the scope.
  const scope = scopeOf({ method, url, schema });
  if (scope === undefined) return refusal("forbidden", "No scope of an API key allows this request.");
  if (hasScope(scopes, scope)) return undefined;
  const lacking = session === undefined ? "This API key lacks" : "Your roles lack";
  return refusal("forbidden", `${lacking} the scope "${scope}", which this request needs.`, { facts: { scope } });
}

function wrongKind(kinds: readonly string[]): Refusal {
  return refusal("forbidden", `This is only for a ${kinds.join(" or a ")}.`);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
