import type { Authenticator } from "@crossline/access";
import { type Caller, authenticated } from "@crossline/service";

/** Makes a hook that lets only parties of these kinds on, by their keys. */
export type AllowCallers = (...kinds: readonly Caller["kind"][]) => ReturnType<typeof authenticated>;

export function createAllowCallers(authenticate: Authenticator): AllowCallers {
  return (...kinds) => authenticated(authenticate, kinds);
}
