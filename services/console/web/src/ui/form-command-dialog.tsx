import { useEffect } from "react";
import type { CommandRequest, FormCommand } from "./form-command.ts";
import { FormDialog } from "./form-dialog.tsx";

type FormCommandDialogProps = {
  readonly command: FormCommand;
  /** Sends the request with its idempotency key. The dialog stays open until the promise ends. */
  readonly onSend: (request: CommandRequest, key: string) => Promise<unknown>;
  readonly onClose: () => void;
};

/** Shows the form of a command, and sends it. */
export function FormCommandDialog({ command, onSend, onClose }: FormCommandDialogProps) {
  useEffect(() => () => void setTimeout(keepFocus, 0, command.name), [command.name]);
  return (
    <FormDialog
      title={command.text}
      intro={command.intro !== undefined && <p>{command.intro}</p>}
      fields={command.fields}
      submitText={command.submitText}
      onSubmit={async (values, key) => onSend(command.requestOf((await command.complete?.(values)) ?? values), key)}
      onClose={onClose}
    />
  );
}

/** After a key opened the dialog, or if the command removed its own button, no element has the focus when the dialog closes. */
function keepFocus(name: string): void {
  if (document.activeElement !== document.body) return;
  const place = document.querySelector<HTMLElement>(`[data-command="${name}"]`) ?? document.querySelector("main");
  place?.focus({ preventScroll: true });
}
