import assert from "node:assert/strict";
import { createHash, timingSafeEqual } from "node:crypto";
import { refusal } from "@crossline/contracts";
import type { Refusal } from "@crossline/contracts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { refuse } from "./refusal.ts";

/** Who is calling, by an API key. */
export type Caller = {
  readonly party: string;
  readonly kind: "carrier" | "vendor" | "operator";
  readonly keyId: string;
};

declare module "fastify" {
  interface FastifyRequest {
    /** Set by `authenticated`; read it by `callerOf`. */
    caller: Caller | undefined;
    /** What its effects name as their parent: the request's span, or without tracing what it came with, if that was sound. */
    readonly traceparent: string | undefined;
  }
}

type KeyLookup = {
  (key: string): Promise<Caller | undefined> | Caller | undefined;
  /** Who it is, where that is known without asking anybody. */
  kept?(key: string): Caller | undefined;
};
type AuthenticationHook = {
  (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void;
  /** Whom it lets on, for the description of its routes; undefined: every kind. */
  readonly kinds: readonly Caller["kind"][] | undefined;
};
type RequestHook = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

const noKey = refusal("unauthenticated", "Send the header `Authorization: Bearer <API key>`.");
const wrongKey = refusal("unauthenticated", "This API key is not known.");

/**
 * A hook that lets only callers with a known key on, and only of the given kinds, if any are given. Use it as `onRequest`: then
 * a stranger's body is not even read. As a `preHandler` it works too, after the validation.
 */
export function authenticated(authenticate: KeyLookup, kinds?: readonly Caller["kind"][]): AuthenticationHook {
  const door = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    const key = bearerKey(request);
    if (key === undefined) return void refuse(reply, noKey);
    const letOn = (caller: Caller | undefined): void => {
      if (caller === undefined) return void refuse(reply, wrongKey);
      if (kinds !== undefined && !kinds.includes(caller.kind)) return void refuse(reply, wrongKind(kinds));
      request.caller = caller;
      done();
    };
    const found = authenticate.kept?.(key) ?? authenticate(key);
    // A promise only where somebody has to be asked.
    if (found instanceof Promise) found.then(letOn, done);
    else letOn(found);
  };
  return Object.assign(door, { kinds });
}

/** A hook that lets only the bearer of one key on, compared in constant time: for the services among themselves, and for the operator. */
export function internalOnly(key: string): RequestHook {
  const wanted = digest(key);
  return async (request, reply) => {
    const given = bearerKey(request);
    if (given === undefined) return refuse(reply, noKey);
    return timingSafeEqual(digest(given), wanted) ? undefined : refuse(reply, wrongKey);
  };
}

/** The caller of a route that has `authenticated` before it. */
export function callerOf(request: FastifyRequest): Caller {
  assert(request.caller !== undefined, "a route asks for its caller without authenticating it");
  return request.caller;
}

/** The key of `Authorization: Bearer …` (RFC 6750, 2.1), if the header has that form. */
export function bearerKey(request: Pick<FastifyRequest, "raw">): string | undefined {
  return /^Bearer +([\w~+/.=-]{1,512})$/i.exec(request.raw.headers.authorization ?? "")?.[1];
}

function wrongKind(kinds: readonly string[]): Refusal {
  return refusal("forbidden", `This is only for a ${kinds.join(" or a ")}.`);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
