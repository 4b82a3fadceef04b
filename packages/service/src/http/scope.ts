import type { KeyScope } from "@crossline/contracts";
import type { FastifySchema } from "fastify";

declare module "fastify" {
  interface FastifyContextConfig {
    /** True if the route passes its requests on to another service, which checks the scope of the API key. */
    readonly forwards?: boolean;
  }
}

/** A method and the address of its route. A part of the address that differs between requests begins with `:` or `{`. */
type ScopedRoute = { readonly method: string; readonly url: string; readonly schema?: FastifySchema | undefined };

/** The scopes of the commands, by the first part of their addresses. Every other table about scopes derives from this one. */
const commands: Readonly<Record<string, KeyScope>> = {
  calendars: "setup",
  canaries: "setup",
  cases: "cases",
  changes: "cases",
  contacts: "cases",
  deliveries: "setup",
  incidents: "cases",
  "last-resort-secret": "setup",
  lines: "setup",
  operations: "setup",
  parties: "setup",
  pools: "cases",
  problems: "cases",
  queues: "cases",
  rosters: "rosters",
  session: "read",
  "skill-uploads": "setup",
  skills: "setup",
  subscriptions: "setup",
  timelines: "setup",
  views: "cases",
};

/** A queue and a pool are set up, and the addresses below them are commands on hand-offs and assignments. */
const setUpThemselves: ReadonlySet<string> = new Set(["pools", "queues"]);

/** The addresses that let a person in or shut a person out, as API keys let programs in. */
const ofKeys: ReadonlySet<string> = new Set(["sessions", "sign-in-links"]);

/** The part of an address below a case for the customer's links. They are commands about a case, and leave no fact. */
const customerLinks = "customer-links";

/**
 * Returns the scope that an API key needs for a route under `/v1`. Returns undefined if the route has no scope, because the table
 * lacks the first part of its address. A service with such a route does not start.
 */
export function scopeOf({ method, url, schema }: ScopedRoute): KeyScope | undefined {
  const [, version, room = "", thing, below] = url.split("/");
  if (version !== "v1") return undefined;
  if ((room === "parties" && below === "keys") || ofKeys.has(room)) return "keys";
  if (room === "actions") return "log";
  if (room === "cases" && below === customerLinks) return "cases";
  const verb = method.toUpperCase();
  if (verb === "GET" || verb === "HEAD" || (verb === "POST" && schema?.keyless === true)) return "read";
  const isThing = thing !== undefined && below === undefined;
  return isThing && setUpThemselves.has(room) ? "setup" : commands[room];
}

/** The first parts of the addresses whose commands are facts of cases. */
const ofCases: ReadonlySet<string> = new Set(["cases", "contacts", "customer-view", ...setUpThemselves]);

/** Returns true for the address of a command whose effects are facts of a case. */
export function isCaseCommand(url: string): boolean {
  const [, version, room = "", , below] = url.split("/");
  if (below === customerLinks) return false;
  return version === "v1" && ofCases.has(room) && !(setUpThemselves.has(room) && below === undefined);
}

/** Returns true if the scopes of a key or of roles include a scope. `setup` includes `rosters`. */
export function hasScope(scopes: readonly KeyScope[], scope: KeyScope): boolean {
  return scopes.includes(scope) || (scope === "rosters" && scopes.includes("setup"));
}
