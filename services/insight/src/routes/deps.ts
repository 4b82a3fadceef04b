import type { Authenticator } from "@crossline/access";
import type { Database } from "@crossline/postgres";

/** The dependencies of the routes. */
export type RouteDeps = {
  readonly database: Database;
  readonly internalKey: string;
  readonly authenticate: Authenticator;
};
