import { useEffect, useEffectEvent } from "react";

/** One key, or two keys in turn such as `g b`, and its effect. */
export type Shortcut = { readonly keys: string; readonly text: string; readonly run: () => void };

const storageKey = "crossline.single-keys";
const sequenceWithinMs = 1_500;
const active = new Map<symbol, readonly Shortcut[]>();
let first: { readonly key: string; readonly at: number } | undefined;

/** Returns false if the person has switched the shortcuts of single keys off (WCAG 2.2, 2.1.4). */
export function areSingleKeysOn(): boolean {
  return localStorage.getItem(storageKey) !== "off";
}

/** Switches the shortcuts of single keys on or off in this browser. */
export function switchSingleKeys(isOn: boolean): void {
  localStorage.setItem(storageKey, isOn ? "on" : "off");
}

/** Returns the shortcuts that work at this moment, for the help. */
export function activeShortcuts(): readonly Shortcut[] {
  return [...active.values()].flat();
}

/** Makes shortcuts work while the component is shown. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const current = useEffectEvent((keys: string) => shortcuts.find((shortcut) => shortcut.keys === keys)?.run());
  const names = shortcuts.map(({ keys, text }) => `${keys}\t${text}`).join("\n");
  useEffect(() => {
    const id = Symbol("shortcuts");
    const listed = names.split("\n").filter((row) => row !== "");
    active.set(
      id,
      listed.map((row) => {
        const [keys = "", text = ""] = row.split("\t");
        return { keys, text, run: () => current(keys) };
      }),
    );
    return () => void active.delete(id);
  }, [names]);
}

/** Runs the shortcut of a key. Keys in a field, in a dialog, or with Ctrl, Alt or Meta are no shortcuts. */
export function handleKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || !areSingleKeysOn()) return;
  const target = event.target as HTMLElement;
  if (target.closest("input, textarea, select, [contenteditable], dialog") !== null) return;
  const isSecond = first !== undefined && performance.now() - first.at < sequenceWithinMs;
  const shortcuts = activeShortcuts();
  const found =
    (isSecond ? shortcuts.find(({ keys }) => keys === `${first?.key} ${event.key}`) : undefined) ??
    shortcuts.find(({ keys }) => keys === event.key);
  first = shortcuts.some(({ keys }) => keys.startsWith(`${event.key} `))
    ? { key: event.key, at: performance.now() }
    : undefined;
  if (found === undefined) return;
  // Enter on a link or a button keeps its own effect.
  if (event.key === "Enter" && target.closest("a, button, summary") !== null) return;
  event.preventDefault();
  found.run();
}
