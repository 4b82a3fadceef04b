import { useEffect } from "react";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { useCase } from "../use-case.ts";
import type { CaseCommand } from "./command.ts";
import { useSendCommand } from "./use-send-command.ts";

type CommandDialogProps = { readonly command: CaseCommand; readonly onClose: () => void };

/** Shows the form of a command, and sends it. */
export function CommandDialog({ command, onClose }: CommandDialogProps) {
  const { shown } = useCase();
  const sendCommand = useSendCommand(shown.id);
  useEffect(() => () => void setTimeout(keepFocus, 0, command.name), [command.name]);
  return (
    <FormDialog
      title={command.text}
      intro={command.intro !== undefined && <p>{command.intro}</p>}
      fields={command.fields}
      submitText={command.submitText}
      onSubmit={(values, key) => sendCommand(command.requestOf(values), key)}
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
