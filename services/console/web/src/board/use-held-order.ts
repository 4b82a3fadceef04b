import { type RefObject, useEffect } from "react";
import type { BoardStore } from "./board-store.ts";

/** Holds the order of the rows while the pointer is over the list, or the focus is inside it. */
export function useHeldOrder(store: BoardStore, area: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = area.current;
    if (element === null) return undefined;
    const holds: readonly (readonly [string, (event: Event) => void])[] = [
      ["pointerenter", () => store.hold("pointer", true)],
      ["pointermove", () => store.hold("pointer", true)],
      ["pointerleave", () => store.hold("pointer", false)],
      ["focusin", () => store.hold("focus", true)],
      [
        "focusout",
        (event) => {
          if (!element.contains((event as FocusEvent).relatedTarget as Node | null)) store.hold("focus", false);
        },
      ],
    ];
    for (const [name, hear] of holds) element.addEventListener(name, hear);
    return () => {
      for (const [name, hear] of holds) element.removeEventListener(name, hear);
      store.hold("pointer", false);
      store.hold("focus", false);
    };
  }, [store, area]);
}
