import {
  type ClaimRules,
  type PersonRole,
  type Refusal,
  signedInPerson,
  personRole,
  refusal,
} from "@crossline/contracts";
import { rolesOfKind } from "./roles.ts";

/** The person and the roles that an ID token names. */
export type ClaimedPerson = { readonly person: string; readonly roles: readonly PersonRole[] };

/**
 * Returns the person that the claims of an ID token name, with the roles that people of this kind of party can have. The issuer may also
 * name groups that mean no role. Refuses claims without a person or without a role. A refusal never contains the value of a claim.
 */
export function readClaims(
  claims: Readonly<Record<string, unknown>>,
  { personClaim, rolesClaim, roleMap }: ClaimRules,
  kind: "carrier" | "vendor" | "operator",
): ClaimedPerson | Refusal {
  const person = signedInPerson.safeParse(claimOf(claims, personClaim));
  if (!person.success) {
    return refusal("forbidden", `The issuer names no person in the claim "${personClaim}" of 1 to 64 characters.`, {
      facts: { claim: personClaim },
    });
  }
  const values = [claimOf(claims, rolesClaim)].flat();
  if (values.every((value) => value === undefined))
    return refusal("forbidden", `The issuer names no roles: the claim "${rolesClaim}" is missing.`, {
      facts: { claim: rolesClaim },
    });
  const possible = rolesOfKind(kind);
  const roles = possible.filter((role) => values.some((value) => roleOf(value, roleMap) === role));
  if (roles.length > 0) return { person: person.data, roles };
  const wanted = possible.join(", ");
  return refusal("forbidden", `The claim "${rolesClaim}" gives no role that fits a ${kind}: ${wanted}.`, {
    facts: { claim: rolesClaim, roles: possible },
  });
}

function claimOf(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

function roleOf(value: unknown, roleMap: ClaimRules["roleMap"]): PersonRole | undefined {
  if (typeof value !== "string") return undefined;
  if (roleMap !== undefined) return Object.hasOwn(roleMap, value) ? roleMap[value] : undefined;
  return personRole.safeParse(value).data;
}
