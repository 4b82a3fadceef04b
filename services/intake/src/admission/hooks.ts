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
  full: refusal("overloaded", "As much is at work as can be held; try again in a moment.", { retryAfterSeconds }),
  "full-share": refusal("too_many_requests", "As much of yours is at work as your share allows.", {
    retryAfterSeconds,
  }),
  gate: refusal("overloaded", "More comes in than can be worked on in time; try again in a moment.", {
    retryAfterSeconds,
  }),
  "gate-share": refusal("too_many_requests", "You ask for more than your share of what can be worked on.", {
    retryAfterSeconds,
  }),
};

const earlyResponses = {
  full: createFixedRefusal(refusals.full),
  "full-share": createFixedRefusal(refusals["full-share"]),
  gate: createFixedRefusal(refusals.gate),
  "gate-share": createFixedRefusal(refusals["gate-share"]),
} as const satisfies Record<AdmissionRefusal, unknown>;

export type AdmissionHooks = {
  /** Runs before Fastify, for posts about cases by a party whose key is in memory: a refusal there costs a fifth of a request. */
  readonly doorman: EarlyResponder;
  /** A hook for `onRequest`, behind `authenticated`, for all other requests. */
  readonly hook: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;
};

/**
 * The doors of admission. They read no body of a refused request and write no log line: a line for each of some thousand refusals
 * a second cost more than the refusals.
 */
export function createAdmissionHooks(
  admission: Admission,
  kept: (key: string) => { readonly party: string } | undefined,
): AdmissionHooks {
  const isIn = new WeakSet<IncomingMessage>();

  function enter(party: string, isCommand: boolean, response: ServerResponse): AdmissionRefusal | undefined {
    const refused = admission.enter(party, isCommand);
    if (refused === undefined) response.once("close", () => admission.leave(party));
    return refused;
  }

  return {
    doorman(request, response) {
      if (request.method !== "POST" || request.url?.startsWith("/v1/cases") !== true) return false;
      const caller = kept(bearerKey({ raw: request }) ?? "");
      if (caller === undefined) return false;
      const refused = enter(caller.party, true, response);
      if (refused === undefined) isIn.add(request);
      else earlyResponses[refused](response);
      return refused !== undefined;
    },
    hook(request, reply, done) {
      if (isIn.has(request.raw)) return done();
      const refused = enter(callerOf(request).party, request.method === "POST", reply.raw);
      if (refused === undefined) return done();
      sendProblem(reply, refusals[refused]);
    },
  };
}
