import { type ReactNode, useEffect, useRef, useState } from "react";
import { useCommand } from "../api/use-command.ts";
import { Dialog } from "./dialog.tsx";
import { type FormField, FormFieldRow } from "./form-field.tsx";
import { ProblemNote } from "./problem-note.tsx";

/** The texts that a person has entered, by the name of the field. A field that is not shown has no value. */
export type FormValues = Readonly<Record<string, string>>;

type FormDialogProps = {
  readonly title: string;
  readonly intro?: ReactNode;
  /** The fields of the form, which can depend on the values. */
  readonly fields: (values: FormValues) => readonly FormField[];
  readonly submitText: string;
  /** Sends the command with its idempotency key. */
  readonly onSubmit: (values: FormValues, key: string) => Promise<unknown>;
  readonly onClose: () => void;
};

/**
 * Shows a form in a dialog, and sends it. If the API refuses the command, the dialog stays open with the problem document, and each fault of a
 * field is at the field.
 */
export function FormDialog({ title, intro, fields, submitText, onSubmit, onClose }: FormDialogProps) {
  const [entered, setEntered] = useState<FormValues>({});
  const command = useCommand(onSubmit, onClose);
  const form = useRef<HTMLFormElement>(null);
  // The dialog has moved the focus to its first button.
  useEffect(() => form.current?.querySelector<HTMLElement>("select, textarea, input, button")?.focus(), []);
  const shown = fields(entered);
  const values = Object.fromEntries(shown.map(({ name, initial = "" }) => [name, entered[name] ?? initial]));
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        ref={form}
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!command.isPending) command.mutate(values);
        }}
      >
        {intro}
        {shown.map((field) => (
          <FormFieldRow
            key={field.name}
            field={field}
            value={values[field.name] ?? ""}
            fault={command.error}
            onChange={(value) => setEntered({ ...entered, [field.name]: value })}
          />
        ))}
        <ProblemNote fault={command.error} />
        <p className="actions">
          <button type="submit" aria-disabled={command.isPending}>
            {command.isPending ? "Sending" : submitText}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </p>
      </form>
    </Dialog>
  );
}
