import { type ReactNode, useRef, useState } from "react";
import { ResponseFault } from "../api/send.ts";
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
  /** Sends the command. `key` is the idempotency key, which stays the same while the values stay the same. */
  readonly onSubmit: (values: FormValues, key: string) => Promise<unknown>;
  readonly onClose: () => void;
};

/**
 * Shows a form in a dialog, and sends it. If the API refuses the command, the dialog stays open with the problem document, and each fault of a
 * field is at the field.
 */
export function FormDialog({ title, intro, fields, submitText, onSubmit, onClose }: FormDialogProps) {
  const [entered, setEntered] = useState<FormValues>({});
  const [fault, setFault] = useState<unknown>();
  const [isSending, setIsSending] = useState(false);
  const keys = useRef(new Map<string, string>());
  const shown = fields(entered);
  const values = Object.fromEntries(shown.map(({ name, initial = "" }) => [name, entered[name] ?? initial]));
  const faults = fault instanceof ResponseFault ? (fault.problem.fields ?? []) : [];
  const submit = async (): Promise<void> => {
    const content = JSON.stringify(values);
    const key = keys.current.get(content) ?? crypto.randomUUID();
    keys.current.set(content, key);
    setIsSending(true);
    setFault(undefined);
    try {
      await onSubmit(values, key);
      onClose();
    } catch (refused) {
      setFault(refused);
      setIsSending(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isSending) void submit();
        }}
      >
        {intro}
        {shown.map((field) => (
          <FormFieldRow
            key={field.name}
            field={field}
            value={values[field.name] ?? ""}
            fault={faults.find(({ at }) => at === (field.at ?? `/${field.name}`))?.message}
            onChange={(value) => setEntered({ ...entered, [field.name]: value })}
          />
        ))}
        <ProblemNote fault={fault} />
        <p className="actions">
          <button type="submit" aria-disabled={isSending}>
            {isSending ? "Sending" : submitText}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </p>
      </form>
    </Dialog>
  );
}
