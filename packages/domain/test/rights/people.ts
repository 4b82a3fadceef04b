import { type KeyScope, type PersonRole, keyScopes, personRoles } from "@crossline/contracts";
import { rolesOfKind, scopesOfRoles } from "../../src/index.ts";

/* Generates the section about the roles of people of docs/rights.md. */

const scopeTexts: Readonly<Record<KeyScope, string>> = {
  read: "read",
  cases: "act on cases and hand-offs",
  setup: "change lines and everything else that the company sets up",
  rosters: "change rosters",
  keys: "manage API keys, sign-in links and sessions",
  log: "read the action log",
};
const kinds = ["carrier", "vendor", "operator"] as const;

const row = (role: PersonRole): string => {
  const companies = kinds.filter((kind) => rolesOfKind(kind).includes(role));
  const scopes = scopesOfRoles([role]);
  return `| \`${role}\` | ${companies.join(", ")} | ${keyScopes.map((scope) => (scopes.includes(scope) ? "yes" : "–")).join(" | ")} |`;
};

/** Returns the table of the roles of people. */
export function peopleTable(): string {
  return [
    `| Role | Companies | ${keyScopes.map((scope) => scopeTexts[scope]).join(" | ")} |`,
    `|---|---|${keyScopes.map(() => "---").join("|")}|`,
    ...personRoles.map(row),
  ].join("\n");
}
