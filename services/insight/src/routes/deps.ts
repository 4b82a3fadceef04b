import type { Authenticator } from "@crossline/access";
import type { Database } from "@crossline/postgres";

/** The dependencies of the routes. */
export type RouteDeps = {
  readonly database: Database;
  readonly internalKey: string;
  readonly authenticate: Authenticator;
  readonly partitions: number;
  /** True if the broker keeps records, so that insight can read them again. */
  readonly keepsRecords: boolean;
  /** The number of records that this process has not applied yet. */
  readonly behind: () => number;
  /** Runs after a reset of the inbox. */
  readonly onReset: () => void;
};
