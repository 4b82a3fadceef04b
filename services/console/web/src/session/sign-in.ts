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

const refusalPattern = /^#sign-in-refused=([a-z_]+)$/;
const refusalTexts: Readonly<Record<string, string>> = {
  forbidden: "Your company gave you no role that fits Crossline. Ask the person who manages its accounts.",
  not_found: "This company signs its people in with links. Ask a lead for a link.",
  unauthenticated: "The sign-in took longer than ten minutes, or another browser began it. Try again.",
};

/** Returns the reason for which a sign-in at an issuer was refused, as a sentence, and removes it from the address. */
export function takeRefusal(): string | undefined {
  const code = refusalPattern.exec(location.hash)?.[1];
  if (code === undefined) return undefined;
  history.replaceState(history.state, "", location.pathname + location.search);
  return refusalTexts[code] ?? "The server of your company or Crossline did not respond. Try again in a moment.";
}

let current: { readonly token: string; readonly me: Promise<Me> } | undefined;

/**
 * Signs a person in with the token of a link. Calls at the same time send one request, because React's strict mode runs each effect twice and
 * a token works once. Throws a ResponseFault if the link was used or has expired.
 */
export function signIn(token: string): Promise<Me> {
  if (current?.token !== token) {
    current = { token, me: exchange(token).finally(() => (current = undefined)) };
  }
  return current.me;
}

async function exchange(token: string): Promise<Me> {
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
