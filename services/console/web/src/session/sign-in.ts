import type { Me } from "@crossline/contracts";
import { queryClient, meQuery } from "../api/queries.ts";
import { send } from "../api/send.ts";

const tokenPattern = /^#sign-in=([\w-]{43})$/;

/** Returns the token of the sign-in link with which the browser opened the page, and removes it from the address. */
export function takeToken(): string | undefined {
  const token = tokenPattern.exec(location.hash)?.[1];
  // A token works once, so neither the history nor a bookmark keeps it.
  if (token !== undefined) history.replaceState(history.state, "", location.pathname + location.search);
  return token;
}

/** Signs a person in with the token of a link. Throws a ResponseFault if the link was used or has expired. */
export async function signIn(token: string): Promise<Me> {
  const me = await send<Me>("POST", "/v1/session", { body: { token } });
  queryClient.clear();
  queryClient.setQueryData(meQuery.queryKey, me);
  return me;
}

/** Ends the session, and forgets everything that the screens have read. */
export async function signOut(): Promise<void> {
  await send("DELETE", "/v1/session");
  queryClient.clear();
  location.assign("/");
}
