import type { Instant } from "@crossline/contracts";
import { toSql } from "@crossline/postgres";

/** Returns an instant as a parameter, or null for a missing instant. */
export function sqlOf(at: Instant | undefined): string | null {
  return at === undefined ? null : toSql(at);
}
