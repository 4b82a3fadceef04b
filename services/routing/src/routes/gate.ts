import type { Authenticator } from "@crossline/access";
import { type Caller, authenticated } from "@crossline/service";

/** Makes a hook that lets only parties of these kinds on, by their keys. */
export type Gate = (...kinds: readonly Caller["kind"][]) => ReturnType<typeof authenticated>;

export function createGate(authenticate: Authenticator): Gate {
  return (...kinds) => authenticated(authenticate, kinds);
}
