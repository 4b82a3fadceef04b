import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMe } from "../../session/session.tsx";
import { useShortcuts } from "../../shell/shortcuts.ts";
import { useCase } from "../use-case.ts";
import { CommandDialog } from "./command-dialog.tsx";
import type { CaseCommand } from "./command.ts";
import { offeredCommands } from "./offered.ts";
import { partOf } from "./role.ts";

/** Shows the commands that the person can send now. A vendor's desk commands the hand-off on the board. */
export function CommandBar() {
  const me = useMe();
  const { shown, handoffs, now, zone } = useCase();
  const [open, setOpen] = useState<CaseCommand>();
  const situation = { shown, handoffs: handoffs.data, me, now, zone };
  const commands = offeredCommands(situation);
  useShortcuts(
    commands.flatMap((command) =>
      command.key === undefined ? [] : [{ keys: command.key, text: command.text, run: () => setOpen(command) }],
    ),
  );
  const isDesk = shown.handoff?.vendor === me.party && partOf(situation).mayAct;
  if (commands.length === 0 && !isDesk) return null;
  return (
    <div className="actions command-bar" role="group" aria-label="Commands of the case">
      {isDesk && (
        <Link
          className="button"
          to="/app/board"
          search={{ ...(shown.timeline !== "wall" && { timeline: shown.timeline }) }}
        >
          Open on the board
        </Link>
      )}
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
