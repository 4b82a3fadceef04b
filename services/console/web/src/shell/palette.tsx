import { useEffect, useId, useRef, useState } from "react";
import { Dialog } from "../ui/dialog.tsx";
import type { Screen } from "./screens.ts";
import { activeShortcuts } from "./shortcuts.ts";

type PaletteProps = {
  readonly screens: readonly Screen[];
  readonly onGo: (screen: Screen) => void;
  readonly onClose: () => void;
};

type PaletteCommand = { readonly text: string; readonly keys?: string; readonly run: () => void };

/** Lists every command of the present screen, and runs the chosen one. The field is a combobox of ARIA 1.2 with a list. */
export function Palette({ screens, onGo, onClose }: PaletteProps) {
  const id = useId();
  const [commands] = useState<readonly PaletteCommand[]>(() => [
    ...screens.map((screen) => ({ text: `Go to ${screen.name}`, keys: `g ${screen.key}`, run: () => onGo(screen) })),
    ...activeShortcuts().filter(({ keys }) => !keys.startsWith("g ")),
  ]);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  // The dialog has moved the focus to its first button.
  useEffect(() => field.current?.focus(), []);
  const words = text.toLowerCase().split(" ");
  const found = commands.filter((command) => words.every((word) => command.text.toLowerCase().includes(word)));
  const index = Math.min(chosen, found.length - 1);
  const run = (command: PaletteCommand | undefined): void => {
    if (command === undefined) return;
    onClose();
    // The dialog returns the focus first, so that the command acts on the screen.
    setTimeout(command.run);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen((index + step + found.length) % Math.max(1, found.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(found[index]);
    }
  };
  return (
    <Dialog title="Commands" onClose={onClose}>
      <input
        ref={field}
        role="combobox"
        aria-label="Command"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={found.length === 0 ? undefined : `${id}-${index}`}
        autoComplete="off"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={id} role="listbox" aria-label="Commands" className="palette">
        {found.map((command, place) => (
          <li
            key={command.text}
            id={`${id}-${place}`}
            role="option"
            aria-selected={place === index}
            onPointerDown={() => run(command)}
          >
            {command.text} {command.keys !== undefined && <kbd>{command.keys}</kbd>}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p role="status">No command has these words.</p>}
    </Dialog>
  );
}
