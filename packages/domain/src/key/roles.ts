import { type KeyScope, type PersonRole, type Refusal, keyScopes, personRoles, refusal } from "@crossline/contracts";

type PartyKind = "carrier" | "vendor" | "operator";
type RoleRule = { readonly kinds: readonly PartyKind[]; readonly scopes: readonly KeyScope[] };

/** The kinds of party whose people can have a role, and the scopes that the role gives. */
const roleRules: Readonly<Record<PersonRole, RoleRule>> = {
  rep: { kinds: ["carrier"], scopes: ["read", "cases"] },
  lead: { kinds: ["carrier"], scopes: keyScopes },
  "vendor-agent": { kinds: ["vendor"], scopes: ["read", "cases"] },
  "desk-lead": { kinds: ["vendor"], scopes: keyScopes },
  "duty-manager": { kinds: ["carrier", "vendor"], scopes: ["read", "cases", "rosters"] },
  operator: { kinds: ["operator"], scopes: keyScopes },
  auditor: { kinds: ["carrier", "vendor", "operator"], scopes: ["read", "log"] },
};

/** Returns the scopes that a person with these roles has, in the order of `keyScopes`. */
export function scopesOfRoles(roles: readonly PersonRole[]): readonly KeyScope[] {
  return keyScopes.filter((scope) => roles.some((role) => roleRules[role].scopes.includes(scope)));
}

/** Returns the roles that people of a kind of party can have. */
export function rolesOfKind(kind: PartyKind): readonly PersonRole[] {
  return personRoles.filter((role) => roleRules[role].kinds.includes(kind));
}

/**
 * Returns a refusal if people of this kind of party cannot have one of the roles. A role must also give no scope that the granter
 * lacks. Undefined `granted` means all scopes.
 */
export function refuseRoles(
  roles: readonly PersonRole[],
  kind: PartyKind,
  granted: readonly KeyScope[] | undefined,
): Refusal | undefined {
  const possible = rolesOfKind(kind);
  const foreign = roles.findIndex((role) => !possible.includes(role));
  if (foreign !== -1) {
    const message = `must be one of ${possible.join(", ")} for a ${kind}`;
    return refusal("invalid_request", `A role does not fit the company.`, {
      fields: [{ at: `/roles/${foreign}`, message }],
    });
  }
  const missing = granted && scopesOfRoles(roles).find((scope) => !granted.includes(scope));
  if (missing === undefined) return undefined;
  return refusal("forbidden", `These roles give the scope "${missing}", which you lack.`, {
    facts: { scope: missing },
  });
}
