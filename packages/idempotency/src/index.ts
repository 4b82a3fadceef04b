export { claimKeys, type Claim } from "./claim.ts";
export { expireKeys } from "./expire.ts";
export { keepAnswers, type Answer } from "./keep.ts";
export { type IdempotentRequest, readIdempotencyKey } from "./request.ts";
export { withIdempotency, type Outcome } from "./with-idempotency.ts";
