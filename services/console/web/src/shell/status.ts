import { useEffect, useSyncExternalStore } from "react";
import type { StreamState } from "../live/use-stream.ts";

/** The state of the data of a screen, as the top bar shows it. */
export type LiveStatus = StreamState | { readonly state: "none" };

let status: LiveStatus = { state: "none" };
const listeners = new Set<() => void>();

function set(next: LiveStatus): void {
  status = next;
  for (const notify of listeners) notify();
}

/** Shows the state of a screen's stream in the top bar while the screen is open. */
export function useReportStatus(state: StreamState): void {
  useEffect(() => {
    set(state);
    return () => set({ state: "none" });
  }, [state]);
}

/** Returns the state of the screen's stream. */
export function useStatus(): LiveStatus {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => status,
  );
}
