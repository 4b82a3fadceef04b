import type { Refusal } from "@crossline/contracts";
import { readIdempotentRequest } from "@crossline/idempotency";
import { callerOf, credentialOf, isRefusal, originOf } from "@crossline/service";
import type { CommandRequest } from "../commands/change-case.ts";

type Request = Parameters<typeof callerOf>[0];

/** Reads the caller, the idempotency key and the content of a POST. Returns a refusal if the key is missing or invalid. */
export function commandRequestOf(request: Request, person?: string): CommandRequest | Refusal {
  const { party, session } = callerOf(request);
  const read = readIdempotentRequest(request, party);
  return isRefusal(read) ? read : { ...read, person, isProven: session !== undefined, ...originOf(request) };
}

/**
 * Does the same as `commandRequestOf` for a command whose response has personal data. Routing encrypts the stored response with
 * the caller's credential.
 */
export function sealedCommandRequestOf(request: Request, person?: string): CommandRequest | Refusal {
  const commandRequest = commandRequestOf(request, person);
  return isRefusal(commandRequest) ? commandRequest : { ...commandRequest, sealedBy: credentialOf(request) };
}
