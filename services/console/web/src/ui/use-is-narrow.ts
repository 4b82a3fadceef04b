import { useCallback, useSyncExternalStore } from "react";

/** Returns true while the window is narrower than this. Default: 48 rem, which is 768 px. */
export function useIsNarrow(narrowRem = 48): boolean {
  const query = `(width < ${narrowRem}rem)`;
  const subscribe = useCallback(
    (listener: () => void) => {
      const narrow = matchMedia(query);
      narrow.addEventListener("change", listener);
      return () => narrow.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
