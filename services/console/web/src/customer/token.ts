import { useSyncExternalStore } from "react";

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}

/**
 * Returns the token of the customer's link, or an empty text. The token stays in the address, because a customer saves the link as a
 * bookmark or loads the screen again. No server gets the part of an address after `#`.
 */
export function useToken(): string {
  return useSyncExternalStore(subscribe, () => location.hash.slice(1));
}
