import { type RefObject, useRef } from "react";
import { useShortcuts } from "../shell/shortcuts.ts";

/** Moves the focus between the links of rows inside an element with `j` and `k`. Enter then opens a row, as on every link. */
export function useRowKeys<E extends HTMLElement>(): RefObject<E | null> {
  const container = useRef<E>(null);
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
