import { type Actor, type Refusal, wall } from "@crossline/contracts";
import { type IdempotentRequest, readIdempotencyKey } from "@crossline/idempotency";
import { type Caller, type FastifyRequest, callerOf, isRefusal } from "@crossline/service";

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
