import { type ReactNode, useId } from "react";
import { ResponseFault } from "../api/send.ts";

type FieldProps = {
  readonly label: string;
  /** The place of the value in the request, as a JSON Pointer, for example `/engineer/name`. */
  readonly at: string;
  /** The fault of the last request. The field shows the part about its own value. */
  readonly fault: unknown;
  readonly hint?: string;
  readonly children: (control: FieldControl) => ReactNode;
};

/** The attributes that connect an input with its label and its fault. */
export type FieldControl = {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": boolean;
};

/** Shows a label, an input and the fault of its value that a problem document names. */
export function Field({ label, at, fault, hint, children }: FieldProps) {
  const id = useId();
  const message = messageAt(fault, at);
  const described = [hint === undefined ? "" : `${id}-hint`, message === undefined ? "" : `${id}-fault`]
    .filter((name) => name !== "")
    .join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-describedby": described || undefined, "aria-invalid": message !== undefined })}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="muted">
          {hint}
        </p>
      )}
      {message !== undefined && (
        <p id={`${id}-fault`} className="bad">
          <span aria-hidden="true">✕ </span>
          {message}
        </p>
      )}
    </div>
  );
}

function messageAt(fault: unknown, at: string): string | undefined {
  if (!(fault instanceof ResponseFault)) return undefined;
  return fault.problem.fields?.find((field) => field.at === at || field.at.startsWith(`${at}/`))?.message;
}
