import { type Actor, type Refusal, wall } from "@crossline/contracts";
import type { CaseState } from "@crossline/domain";
import { type IdempotentRequest, readIdempotentRequest } from "@crossline/idempotency";
import { type Caller, type FastifyReply, type FastifyRequest, callerOf, isRefusal, refuse } from "@crossline/service";
import type { CaseResult } from "../commands/case-response.ts";

/** Returns the data by which intake recognizes a repeated POST request, or a refusal if the request has no valid idempotency key. */
export function idempotencyOf(
  request: FastifyRequest<any, any, any, any, any, any>,
  body: unknown,
  timeline: string = wall,
): IdempotentRequest | Refusal {
  const read = readIdempotentRequest(request, callerOf(request as FastifyRequest).party);
  return isRefusal(read) ? read : { ...read, timeline, body };
}

/**
 * Returns the idempotency of an act on the customer's screen, or a refusal. The customer's keys are apart from the keys of the carrier, so
 * that no customer can use a key of the carrier up.
 */
export function idempotencyOfCustomer(
  request: FastifyRequest<any, any, any, any, any, any>,
  { id, carrier: party, timeline }: Pick<CaseState, "id" | "carrier" | "timeline">,
): IdempotentRequest | Refusal {
  const read = readIdempotentRequest(request, party);
  return isRefusal(read) ? read : { ...read, key: `customer ${id} ${read.key}`, timeline };
}

/** Returns the actor of a request: the caller's party and, if the request names one, a person. */
export function actorOf(
  caller: Caller,
  { person, automated }: { person?: string | undefined; automated: boolean },
): Actor {
  const isProven = caller.session !== undefined;
  return { party: caller.party, automated, ...(person !== undefined && { person }), ...(isProven && { proven: true }) };
}

/** Sets the header `idempotent-replayed` if the response is the stored response of the first request. */
export function markReplayed(
  reply: { header(name: string, value: string): unknown },
  outcome: { readonly replayed: boolean } | Refusal,
): void {
  if (!isRefusal(outcome) && outcome.replayed) void reply.header("idempotent-replayed", "true");
}

/**
 * Sends the result of a request, with the same text that intake stores. Intake does not check the text against the route's schema: the
 * types already guarantee the schema, and a check cost a twentieth of a request.
 */
export function sendResult(reply: FastifyReply, result: CaseResult): FastifyReply {
  if (isRefusal(result)) return refuse(reply, result);
  markReplayed(reply, result);
  return reply.code(result.status).type("application/json; charset=utf-8").send(result.text);
}
