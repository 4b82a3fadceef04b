import type { FormCommand } from "../../ui/form-command.ts";
import { FormCommandDialog } from "../../ui/form-command-dialog.tsx";
import { useCase } from "../use-case.ts";
import { useSendCommand } from "./use-send-command.ts";

type CommandDialogProps = { readonly command: FormCommand; readonly onClose: () => void };

/** Shows the form of a command on the case, and sends it. */
export function CommandDialog({ command, onClose }: CommandDialogProps) {
  const { shown } = useCase();
  return <FormCommandDialog command={command} onSend={useSendCommand(shown.id)} onClose={onClose} />;
}
