export { claimKeys, type Claim } from "./claim.ts";
export { expireKeys, keptMs } from "./expire.ts";
export { keepAnswers, type Answer } from "./keep.ts";
export { idempotencyMigrations } from "./migrations.ts";
export { type IdempotentRequest, readIdempotencyKey } from "./request.ts";
export { withIdempotency, type Outcome } from "./with-idempotency.ts";
