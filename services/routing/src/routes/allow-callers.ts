import type { Authenticator } from "@crossline/access";
import { type Caller, authenticated } from "@crossline/service";

/** Creates an `onRequest` hook that allows only parties of these kinds, by their API keys. */
export type AllowCallers = (...kinds: readonly Caller["kind"][]) => ReturnType<typeof authenticated>;

export function createAllowCallers(authenticate: Authenticator): AllowCallers {
  return (...kinds) => authenticated(authenticate, kinds);
}
