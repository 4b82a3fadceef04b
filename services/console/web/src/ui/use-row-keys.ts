import { type RefObject, useEffect, useRef } from "react";
import { useShortcuts } from "../shell/shortcuts.ts";

/**
 * Moves the focus between the links of rows inside an element with `j` and `k`. Enter then opens a row, as on every link. The element has
 * `tabIndex={-1}`, because it keeps the focus of a row that leaves.
 */
export function useRowKeys<E extends HTMLElement>(): RefObject<E | null> {
  const container = useRef<E>(null);
  useKeptFocus(container);
  const move = (step: 1 | -1): void => {
    const links = [...(container.current?.querySelectorAll<HTMLElement>("[data-row-link]") ?? [])];
    const row = document.activeElement?.closest("[data-row]");
    const place = links.findIndex((link) => link === document.activeElement || row?.contains(link));
    links[place < 0 ? (step > 0 ? 0 : links.length - 1) : place + step]?.focus();
  };
  useShortcuts([
    { keys: "j", text: "Next row", run: () => move(1) },
    { keys: "k", text: "Row before", run: () => move(-1) },
  ]);
  return container;
}

/** Keeps the focus in the element when a row that had it has left the list. The next key then begins there, and not at the top of the page. */
function useKeptFocus(container: RefObject<HTMLElement | null>): void {
  const hadFocus = useRef(false);
  useEffect(() => {
    const element = container.current;
    if (element === null) return undefined;
    const note = (): void => void (hadFocus.current = true);
    element.addEventListener("focusin", note);
    return () => element.removeEventListener("focusin", note);
  });
  // Rows leave when the screen has new data, so each render can be the one.
  useEffect(() => {
    if (hadFocus.current && document.activeElement === document.body) container.current?.focus({ preventScroll: true });
  });
}
