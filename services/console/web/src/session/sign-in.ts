import type { Me } from "@crossline/contracts";
import { queryClient, meQuery } from "../api/queries.ts";
import { ResponseFault, send } from "../api/send.ts";
import { leave, takeOver } from "./owner.ts";

const tokenPattern = /^#sign-in=([\w-]{43})$/;

/** Returns the token of the sign-in link with which the browser opened the page, and removes it from the address. */
export function takeToken(): string | undefined {
  const token = tokenPattern.exec(location.hash)?.[1];
  // A token works once, so neither the history nor a bookmark keeps it.
  if (token !== undefined) history.replaceState(history.state, "", location.pathname + location.search);
  return token;
}

/** Returns true if the address has the token of a sign-in link. */
export function hasToken(): boolean {
  return tokenPattern.test(location.hash);
}

/** Signs a person in with the token of a link. Throws a ResponseFault if the link was used or has expired. */
export async function signIn(token: string): Promise<Me> {
  const me = await send<Me>("POST", "/v1/session", { body: { token } });
  queryClient.clear();
  queryClient.setQueryData(meQuery.queryKey, takeOver(queryClient, me));
  return me;
}

/** Ends the session, and forgets everything that the screens have read. Throws if the session may still be open. */
export async function signOut(): Promise<void> {
  try {
    await send("DELETE", "/v1/session");
  } catch (fault) {
    // The session has ended already.
    if (!(fault instanceof ResponseFault && fault.status === 401)) throw fault;
  }
  leave(queryClient);
  location.assign("/");
}
