export { assertionLastsMs, createAssertions, foundSession, looksLikeAssertion } from "./assertion.ts";
export type { Assertions, FoundSession, SessionHolder } from "./assertion.ts";
export { applyParties } from "./apply.ts";
export { createAuthenticator } from "./authenticator.ts";
export type { Authenticator, AuthenticatorOptions, ExpiredKey } from "./authenticator.ts";
export { hashKey, generateKey, isCanaryKey } from "./key.ts";
export type { NewKey } from "./key.ts";
export { findByKeyHash, findParty, lockParty, saveParties } from "./store.ts";
export type { KeyHolder, Party, PartyKey, PartyKind, PartyRecord } from "./store.ts";
