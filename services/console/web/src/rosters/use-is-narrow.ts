import { useSyncExternalStore } from "react";

const narrow = matchMedia("(width < 48rem)");

/** Returns true while the window is too narrow for a picture of a week. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener("change", listener);
      return () => narrow.removeEventListener("change", listener);
    },
    () => narrow.matches,
  );
}
