import type { Me } from "@crossline/contracts";
import type { QueryClient } from "@tanstack/react-query";
import { meQuery } from "../api/queries.ts";
import { read } from "../api/send.ts";

/*
 * All tabs of a browser share one session. After another person has signed in, a tab would show the data of both people. It would also
 * send commands as the later person.
 */

const storageKey = "crossline.session";
/** The names of the values that the browser keeps for one person beyond the session. */
const personalKeys = ["crossline.engineer"] as const;
/** With the token of an earlier person's claim, the screens would renew that claim for the later person. */
const claimKeys = "crossline.claim.";
let shown: string | undefined;

/** Returns the identity of a person across sessions. */
export function ownerOf({ party, session }: Me): string {
  return `${party} ${session?.person ?? ""}`;
}

/** Returns the person whose session this browser still has, as far as it knows, for example `northtel rep-7`. */
export function knownOwner(): string | undefined {
  const stored = localStorage.getItem(storageKey) ?? "";
  return stored === "" || stored.endsWith(" ended") ? undefined : stored.slice(0, stored.lastIndexOf(" "));
}

/** Reads who is signed in, and forgets the data of an earlier person first. */
export async function readOwner(client: QueryClient, signal: AbortSignal): Promise<Me> {
  return takeOver(client, await read<Me>("/v1/me", signal));
}

/** Forgets everything that an earlier person has read in this browser, and shows the other tabs who is signed in. */
export function takeOver(client: QueryClient, me: Me): Me {
  const owner = ownerOf(me);
  const stored = localStorage.getItem(storageKey);
  if (shown !== undefined && shown !== owner) {
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meQuery.queryKey[0] });
  }
  if (stored !== null && !stored.startsWith(`${owner} `)) for (const key of personalKeys) localStorage.removeItem(key);
  const inTab = sessionStorage.getItem(storageKey);
  if (inTab !== null && inTab !== owner) {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(claimKeys)) sessionStorage.removeItem(key);
  }
  sessionStorage.setItem(storageKey, owner);
  shown = owner;
  localStorage.setItem(storageKey, `${owner} ${me.session?.id ?? ""}`);
  return me;
}

/** Forgets everything that the person has read in this tab, and shows the other tabs that the session has ended. */
export function leave(client: QueryClient): void {
  client.clear();
  localStorage.setItem(storageKey, `${shown ?? ""} ended`);
}

/** Reads again who is signed in when another tab signs a person in or out. Returns the function that ends this. */
export function watchOtherTabs(client: QueryClient): () => void {
  const hear = ({ key }: StorageEvent): void => {
    if (key === storageKey) void client.invalidateQueries({ queryKey: meQuery.queryKey });
  };
  window.addEventListener("storage", hear);
  return () => window.removeEventListener("storage", hear);
}
