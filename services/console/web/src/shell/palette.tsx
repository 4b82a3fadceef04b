import { useEffect, useRef, useState } from "react";
import { ComboBox } from "../ui/combo-box.tsx";
import { Dialog } from "../ui/dialog.tsx";
import type { Screen } from "./screens.ts";
import { activeShortcuts } from "./shortcuts.ts";

type PaletteProps = {
  readonly screens: readonly Screen[];
  readonly onGo: (screen: Screen) => void;
  readonly onClose: () => void;
};

type PaletteCommand = { readonly text: string; readonly keys?: string; readonly run: () => void };

/** Lists every command of the present screen, and runs the chosen one. */
export function Palette({ screens, onGo, onClose }: PaletteProps) {
  const [commands] = useState<readonly PaletteCommand[]>(() => [
    ...screens.map((screen) => ({ text: `Go to ${screen.name}`, keys: `g ${screen.key}`, run: () => onGo(screen) })),
    ...activeShortcuts().filter(({ keys }) => !keys.startsWith("g ")),
  ]);
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  // The dialog has moved the focus to its first button.
  useEffect(() => field.current?.focus(), []);
  const words = text.toLowerCase().split(" ");
  const found = commands.filter((command) => words.every((word) => command.text.toLowerCase().includes(word)));
  const run = (command: PaletteCommand): void => {
    onClose();
    // The dialog returns the focus first, so that the command acts on the screen.
    setTimeout(command.run);
  };
  return (
    <Dialog title="Commands" onClose={onClose}>
      <div className="palette">
        <ComboBox
          label="Command"
          listLabel="Commands"
          field={field}
          text={text}
          onText={setText}
          options={found}
          keyOf={(command) => command.text}
          onChoose={run}
          isOpen
          empty="No command has these words."
        >
          {(command) => (
            <>
              {command.text} {command.keys !== undefined && <kbd>{command.keys}</kbd>}
            </>
          )}
        </ComboBox>
      </div>
    </Dialog>
  );
}
