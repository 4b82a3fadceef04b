import { type Actor, type Refusal, wall } from "@crossline/contracts";
import { type IdempotentRequest, readIdempotencyKey } from "@crossline/idempotency";
import { type Caller, type FastifyReply, type FastifyRequest, callerOf, isRefusal, refuse } from "@crossline/service";
import type { Verdict } from "../commands/item.ts";

/** What a POST is recognised by when it is repeated; or the refusal, where it has no key. */
export function idempotent(
  request: FastifyRequest<any, any, any, any, any, any>,
  body: unknown,
  timeline: string = wall,
): IdempotentRequest | Refusal {
  const key = readIdempotencyKey(request.headers["idempotency-key"]);
  if (isRefusal(key)) return key;
  return {
    party: callerOf(request as FastifyRequest).party,
    key,
    timeline,
    method: request.method,
    path: request.url,
    body,
  };
}

/** Who acts: the caller's party, and the person that the request names. */
export function actorOf(
  caller: Caller,
  { person, automated }: { person?: string | undefined; automated: boolean },
): Actor {
  return { party: caller.party, automated, ...(person !== undefined && { person }) };
}

/** Says that an answer is the first one again. */
export function markReplayed(reply: { header(name: string, value: string): unknown }, outcome: object): void {
  if ("replayed" in outcome && outcome.replayed === true) void reply.header("idempotent-replayed", "true");
}

/**
 * Answers with what a command came to. The text is sent as it was kept, so that it is written once; it is not held against
 * the route's schema again, which took a twentieth of a request: the types have done that.
 */
export function sendVerdict(reply: FastifyReply, verdict: Verdict): FastifyReply {
  if (isRefusal(verdict)) return refuse(reply, verdict);
  markReplayed(reply, verdict);
  return reply.code(verdict.status).type("application/json; charset=utf-8").send(verdict.text);
}
