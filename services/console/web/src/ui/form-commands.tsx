import { useState } from "react";
import { send } from "../api/send.ts";
import { useShortcuts } from "../shell/shortcuts.ts";
import type { FormCommand } from "./form-command.ts";
import { FormCommandDialog } from "./form-command-dialog.tsx";

type FormCommandsProps = {
  readonly label: string;
  /** The commands that the person can send now, the most urgent first. */
  readonly commands: readonly FormCommand[];
  /** Reads the screen again after a command. The dialog closes when the promise ends. */
  readonly onSent: () => Promise<unknown>;
  /** True for the commands of a row, of which none is the most urgent one of the screen. */
  readonly isQuiet?: boolean;
};

/** Shows a button for each command, whose key opens the same form. */
export function FormCommands({ label, commands, onSent, isQuiet = false }: FormCommandsProps) {
  const [open, setOpen] = useState<FormCommand>();
  useShortcuts(
    commands.flatMap((command) =>
      command.key === undefined ? [] : [{ keys: command.key, text: command.text, run: () => setOpen(command) }],
    ),
  );
  return (
    <>
      {commands.length > 0 && (
        <div className="actions" role="group" aria-label={label}>
          {commands.map((command) => (
            <button
              key={command.name}
              type="button"
              className={!isQuiet && command === commands[0] ? "main" : ""}
              data-command={command.name}
              aria-keyshortcuts={command.key}
              onClick={() => setOpen(command)}
            >
              {command.text} {command.key !== undefined && <kbd>{command.key}</kbd>}
            </button>
          ))}
        </div>
      )}
      {open !== undefined && (
        <FormCommandDialog
          command={open}
          onSend={async ({ path, body }, key) => {
            await send("POST", path, { body, key });
            await onSent();
          }}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}
