import { useId } from "react";

type FieldBase = {
  readonly name: string;
  readonly label: string;
  readonly required?: boolean;
  readonly help?: string;
  readonly initial?: string;
  /** The place of the field in the body of the request. Default: the name at the top of the body. */
  readonly at?: string;
};

/** One field of a form. `instant` is a local time in the zone of the form. A `check` has the value `yes` or nothing. */
export type FormField = FieldBase &
  (
    | { readonly kind: "text"; readonly pattern?: string }
    | { readonly kind: "prose" | "instant" | "check" }
    | { readonly kind: "choice"; readonly options: readonly (readonly [value: string, text: string])[] }
  );

type FormFieldProps = {
  readonly field: FormField;
  readonly value: string;
  readonly fault: string | undefined;
  readonly onChange: (value: string) => void;
};

/** Shows a field with its label, its help and the fault that the API found in it. */
export function FormFieldRow({ field, value, fault, onChange }: FormFieldProps) {
  const id = useId();
  const { kind, label, required = false, help } = field;
  const notes = [help !== undefined && `${id}-help`, fault !== undefined && `${id}-fault`].filter(Boolean).join(" ");
  const common = {
    id,
    name: field.name,
    required,
    ...(notes !== "" && { "aria-describedby": notes }),
    ...(fault !== undefined && { "aria-invalid": true }),
  };
  const change = ({ target }: { readonly target: { readonly value: string } }): void => onChange(target.value);
  return (
    <div className="form-field">
      {kind !== "check" && (
        <label htmlFor={id}>
          {label}
          {!required && <span className="muted"> (optional)</span>}
        </label>
      )}
      {kind === "prose" && <textarea {...common} value={value} onChange={change} />}
      {kind === "text" && (
        <input {...common} type="text" autoComplete="off" value={value} onChange={change} pattern={field.pattern} />
      )}
      {kind === "instant" && <input {...common} type="datetime-local" step={60} value={value} onChange={change} />}
      {kind === "choice" && (
        <select {...common} value={value} onChange={change}>
          {field.options.map(([option, text]) => (
            <option key={option} value={option}>
              {text}
            </option>
          ))}
        </select>
      )}
      {kind === "check" && (
        <label className="check">
          <input
            {...common}
            type="checkbox"
            checked={value === "yes"}
            onChange={({ target }) => onChange(target.checked ? "yes" : "")}
          />{" "}
          {label}
        </label>
      )}
      {help !== undefined && (
        <p id={`${id}-help`} className="muted">
          {help}
        </p>
      )}
      {fault !== undefined && (
        <p id={`${id}-fault`} className="bad">
          ⚠ {fault}
        </p>
      )}
    </div>
  );
}
