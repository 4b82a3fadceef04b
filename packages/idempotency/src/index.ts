export { claimKeys, type KeyClaim } from "./claim.ts";
export { expireKeys } from "./expire.ts";
export { saveResponses, type CommandResponse } from "./save-responses.ts";
export { type IdempotentRequest, readIdempotencyKey, readIdempotentRequest } from "./request.ts";
export { seal, unseal } from "./seal.ts";
export { withIdempotency, type IdempotentOutcome } from "./with-idempotency.ts";
