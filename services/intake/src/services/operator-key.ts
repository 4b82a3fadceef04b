import { type Assertions, assertionLastsMs, hashKey, operatorKeyHolder } from "@crossline/access";
import type { Caller, SignedInCaller } from "@crossline/service";

/** An assertion of this age is replaced. */
const usableMs = assertionLastsMs / 2;

/**
 * Returns the function that names the operator to the other services. Only intake checks the operator's key, and the key never leaves
 * intake. The function keeps an assertion for half of its time, so most requests cost no signature.
 */
export function createOperatorAssertions(
  sign: Assertions["sign"],
): (key: string, operator: Caller) => Promise<SignedInCaller> | SignedInCaller {
  let last: { readonly key: string; readonly signedAt: number; readonly signed: SignedInCaller } | undefined;

  async function signAgain(key: string, { keyId }: Caller): Promise<SignedInCaller> {
    const signedAt = performance.now();
    const holder = operatorKeyHolder(keyId, hashKey(`crossline.seal ${key}`));
    const signed = { caller: holder, assertion: await sign(holder) };
    last = { key, signedAt, signed };
    return signed;
  }

  return (key, operator) =>
    last?.key === key && performance.now() - last.signedAt < usableMs ? last.signed : signAgain(key, operator);
}
