import { useState } from "react";
import { Dialog } from "../ui/dialog.tsx";
import { activeShortcuts, areSingleKeysOn, switchSingleKeys } from "./shortcuts.ts";

/** Lists the keys that work on the present screen, and switches the single keys on and off. */
export function ShortcutHelp({ onClose }: { readonly onClose: () => void }) {
  const [shortcuts] = useState(activeShortcuts);
  const [isOn, setIsOn] = useState(areSingleKeysOn);
  const change = (chosen: boolean): void => {
    switchSingleKeys(chosen);
    setIsOn(chosen);
  };
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        <dt>
          <kbd>Ctrl K</kbd>
        </dt>
        <dd>Show the commands</dd>
        {shortcuts.map(({ keys, text }) => (
          <div key={keys}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <label className="check">
        <input type="checkbox" checked={isOn} onChange={({ target }) => change(target.checked)} /> Single keys work
      </label>
    </Dialog>
  );
}
