import { useState } from "react";
import { useMe } from "../../session/session.tsx";
import { useShortcuts } from "../../shell/shortcuts.ts";
import { useCase } from "../use-case.ts";
import { CommandDialog } from "./command-dialog.tsx";
import type { CaseCommand } from "./command.ts";
import { offeredCommands } from "./offered.ts";

/** Shows the commands that the person can send now, the most urgent first. */
export function CommandBar() {
  const me = useMe();
  const { shown, handoffs, now, zone } = useCase();
  const [open, setOpen] = useState<CaseCommand>();
  const commands = offeredCommands({ shown, handoffs: handoffs.data, me, now, zone });
  useShortcuts(
    commands.flatMap((command) =>
      command.key === undefined ? [] : [{ keys: command.key, text: command.text, run: () => setOpen(command) }],
    ),
  );
  if (commands.length === 0) return null;
  return (
    <div className="actions command-bar" role="group" aria-label="Commands of the case">
      {commands.map((command) => (
        <button
          key={command.name}
          type="button"
          className={command === commands[0] ? "main" : ""}
          data-command={command.name}
          aria-keyshortcuts={command.key}
          onClick={() => setOpen(command)}
        >
          {command.text} {command.key !== undefined && <kbd>{command.key}</kbd>}
        </button>
      ))}
      {open !== undefined && <CommandDialog command={open} onClose={() => setOpen(undefined)} />}
    </div>
  );
}
