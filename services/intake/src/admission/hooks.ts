import type { IncomingMessage, ServerResponse } from "node:http";
import { type Refusal, refusal } from "@crossline/contracts";
import {
  type EarlyResponder,
  type FastifyReply,
  type FastifyRequest,
  bearerKey,
  callerOf,
  sendProblem,
  createFixedRefusal,
} from "@crossline/service";
import type { Admission, AdmissionRefusal } from "./admission.ts";

const retryAfterSeconds = 1;
const refusals: Readonly<Record<AdmissionRefusal, Refusal>> = {
  full: refusal("overloaded", "The service is processing the maximum number of requests. Try again in a moment.", {
    retryAfterSeconds,
  }),
  "full-share": refusal(
    "too_many_requests",
    "The service is processing as many of your requests as your share allows. Try again in a moment.",
    {
      retryAfterSeconds,
    },
  ),
  gate: refusal(
    "overloaded",
    "The service receives more commands than it can process in time. Try again in a moment.",
    {
      retryAfterSeconds,
    },
  ),
  "gate-share": refusal(
    "too_many_requests",
    "You send more commands than your share of the rate limit. Try again in a moment.",
    {
      retryAfterSeconds,
    },
  ),
};

const earlyResponses = {
  full: createFixedRefusal(refusals.full),
  "full-share": createFixedRefusal(refusals["full-share"]),
  gate: createFixedRefusal(refusals.gate),
  "gate-share": createFixedRefusal(refusals["gate-share"]),
} as const satisfies Record<AdmissionRefusal, unknown>;

/** The two hooks in which admission checks a request. */
export type AdmissionHooks = {
  /**
   * Checks POST requests about cases before Fastify reads them, if the caller's key is in memory. A refusal before Fastify costs a
   * fifth as much as an accepted request.
   */
  readonly early: EarlyResponder;
  /** Checks the requests that `early` does not check. The hook is an `onRequest` hook that runs after `authenticated`. */
  readonly hook: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;
};

/**
 * Creates the hooks of admission. For a refused request, the hooks neither read the body nor write a log message. At thousands of
 * refusals a second, log messages would cost more than the refusals themselves. `callerOfKey` returns the caller of a key that is in
 * memory.
 */
export function createAdmissionHooks(
  admission: Admission,
  callerOfKey: (key: string) => { readonly party: string } | undefined,
): AdmissionHooks {
  const admitted = new WeakSet<IncomingMessage>();

  function enter(party: string, isCommand: boolean, response: ServerResponse): AdmissionRefusal | undefined {
    const refused = admission.enter(party, isCommand);
    if (refused === undefined) response.once("close", () => admission.leave(party));
    return refused;
  }

  return {
    early(request, response) {
      if (request.method !== "POST" || request.url?.startsWith("/v1/cases") !== true) return false;
      const caller = callerOfKey(bearerKey({ raw: request }) ?? "");
      if (caller === undefined) return false;
      const refused = enter(caller.party, true, response);
      if (refused === undefined) admitted.add(request);
      else earlyResponses[refused](response);
      return refused !== undefined;
    },
    hook(request, reply, done) {
      if (admitted.has(request.raw)) return done();
      const refused = enter(callerOf(request).party, request.method === "POST", reply.raw);
      if (refused === undefined) return done();
      sendProblem(reply, refusals[refused]);
    },
  };
}
