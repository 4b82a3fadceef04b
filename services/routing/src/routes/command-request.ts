import type { Refusal } from "@crossline/contracts";
import { readIdempotencyKey } from "@crossline/idempotency";
import { bearerKey, callerOf, isRefusal } from "@crossline/service";
import type { CommandRequest } from "../commands/change-case.ts";

type Request = Parameters<typeof callerOf>[0];

/** What a POST says about itself: who asks, and the key by which it is known when it comes again; or why it cannot be taken. */
export function commandRequestOf(request: Request, person?: string): CommandRequest | Refusal {
  const key = readIdempotencyKey(request.headers["idempotency-key"]);
  if (isRefusal(key)) return key;
  const { party } = callerOf(request);
  const { method, url: path, body, traceparent } = request;
  return { party, key, method, path, body, person, traceparent };
}

/** As `askedOf`, for requests whose answer holds personal data: what is kept of it can be read with the caller's key alone. */
export function sealedCommandRequestOf(request: Request, person?: string): CommandRequest | Refusal {
  const commandRequest = commandRequestOf(request, person);
  const sealedBy = bearerKey(request);
  return isRefusal(commandRequest) || sealedBy === undefined ? commandRequest : { ...commandRequest, sealedBy };
}
