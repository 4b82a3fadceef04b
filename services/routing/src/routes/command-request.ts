import type { Refusal } from "@crossline/contracts";
import { readIdempotencyKey } from "@crossline/idempotency";
import { bearerKey, callerOf, isRefusal } from "@crossline/service";
import type { CommandRequest } from "../commands/change-case.ts";

type Request = Parameters<typeof callerOf>[0];

/** Reads the caller, the idempotency key and the content of a POST. Returns a refusal if the key is missing or invalid. */
export function commandRequestOf(request: Request, person?: string): CommandRequest | Refusal {
  const key = readIdempotencyKey(request.headers["idempotency-key"]);
  if (isRefusal(key)) return key;
  const { party } = callerOf(request);
  const { method, url: path, body, traceparent } = request;
  return { party, key, method, path, body, person, traceparent };
}

/**
 * Does the same as `commandRequestOf` for a command whose response has personal data. Routing encrypts the stored response with
 * the caller's API key.
 */
export function sealedCommandRequestOf(request: Request, person?: string): CommandRequest | Refusal {
  const commandRequest = commandRequestOf(request, person);
  const sealedBy = bearerKey(request);
  return isRefusal(commandRequest) || sealedBy === undefined ? commandRequest : { ...commandRequest, sealedBy };
}
