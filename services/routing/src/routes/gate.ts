import { authenticator } from "@crossline/access";
import type { Database } from "@crossline/postgres";
import { type Caller, authenticated } from "@crossline/service";

/** Makes a hook that lets only parties of these kinds on, by their keys. */
export type Gate = (...kinds: readonly Caller["kind"][]) => ReturnType<typeof authenticated>;

export function createGate(database: Database): Gate {
  const authenticate = authenticator(database);
  return (...kinds) => authenticated(authenticate, kinds);
}
