import { Suspense, lazy, useState } from "react";
import { useMe } from "../../session/session.tsx";
import { useShortcuts } from "../../shell/shortcuts.ts";
import { useCase } from "../use-case.ts";
import { CommandDialog } from "./command-dialog.tsx";
import type { FormCommand } from "../../ui/form-command.ts";
import { offeredCommands } from "./offered.ts";

const LinkDialog = lazy(async () => ({ default: (await import("../../customer/link-dialog.tsx")).LinkDialog }));
const linkKey = "l";
const linkText = "Link for the customer";

/** Shows the commands that the person can send now, the most urgent first. */
export function CommandBar() {
  const me = useMe();
  const { shown, handoffs, now, zone } = useCase();
  const [open, setOpen] = useState<FormCommand>();
  const [isLinkOpen, setIsLinkOpen] = useState(false);
  const canLink = shown.carrier === me.party && me.scopes.includes("cases");
  const commands = offeredCommands({ shown, handoffs: handoffs.data, me, now, zone });
  useShortcuts([
    ...commands.flatMap((command) =>
      command.key === undefined ? [] : [{ keys: command.key, text: command.text, run: () => setOpen(command) }],
    ),
    ...(canLink ? [{ keys: linkKey, text: linkText, run: () => setIsLinkOpen(true) }] : []),
  ]);
  if (commands.length === 0 && !canLink) return null;
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
      {canLink && (
        <button type="button" aria-keyshortcuts={linkKey} onClick={() => setIsLinkOpen(true)}>
          {linkText} <kbd>{linkKey}</kbd>
        </button>
      )}
      {isLinkOpen && (
        <Suspense>
          <LinkDialog caseId={shown.id} onClose={() => setIsLinkOpen(false)} />
        </Suspense>
      )}
      {open !== undefined && <CommandDialog command={open} onClose={() => setOpen(undefined)} />}
    </div>
  );
}
