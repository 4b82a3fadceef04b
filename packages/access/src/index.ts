export {
  assertionLastsMs,
  createAssertions,
  foundSession,
  looksLikeAssertion,
  operatorKeyHolder,
} from "./assertion.ts";
export type { AssertedHolder, Assertions, FoundSession, OperatorKeyHolder, SessionHolder } from "./assertion.ts";
export { applyParties } from "./apply.ts";
export { createCustomerLinks } from "./customer-link.ts";
export type { CustomerLinks, CustomerLinkToken } from "./customer-link.ts";
export { createAuthenticator } from "./authenticator.ts";
export type { Authenticator, AuthenticatorOptions, ExpiredKey } from "./authenticator.ts";
export { hashKey, generateKey, isCanaryKey } from "./key.ts";
export type { NewKey } from "./key.ts";
export { findByKeyHash, findParty, lockParty, saveParties } from "./store.ts";
export type { KeyHolder, Party, PartyKey, PartyKind, PartyRecord } from "./store.ts";
