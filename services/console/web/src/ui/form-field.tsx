import { Field, type FieldControl } from "./field.tsx";

type FieldBase = {
  readonly name: string;
  readonly label: string;
  readonly required?: boolean;
  readonly help?: string;
  readonly initial?: string;
  /** The place of the value in the request, as a JSON Pointer. Default: the name at the top of the body. */
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
  /** The fault of the last request. */
  readonly fault: unknown;
  readonly onChange: (value: string) => void;
};

/** Shows a field with its label, its help and the fault that the API found in it. */
export function FormFieldRow({ field, value, fault, onChange }: FormFieldProps) {
  const { kind, label, required = false, help, name, at = `/${name}` } = field;
  if (kind === "check") {
    return (
      <label className="check">
        <input
          type="checkbox"
          name={name}
          checked={value === "yes"}
          onChange={({ target }) => onChange(target.checked ? "yes" : "")}
        />{" "}
        {label}
      </label>
    );
  }
  return (
    <Field
      label={required ? label : `${label} (optional)`}
      at={at}
      fault={fault}
      {...(help !== undefined && { hint: help })}
    >
      {(control) => <Input control={control} field={field} value={value} onChange={onChange} />}
    </Field>
  );
}

type InputProps = Omit<FormFieldProps, "fault"> & { readonly control: FieldControl };

function Input({ control, field, value, onChange }: InputProps) {
  const common = {
    ...control,
    name: field.name,
    required: field.required ?? false,
    value,
    onChange: ({ target }: { readonly target: { readonly value: string } }) => onChange(target.value),
  };
  if (field.kind === "prose") return <textarea {...common} />;
  if (field.kind === "choice") {
    return (
      <select {...common}>
        {field.options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    );
  }
  if (field.kind === "instant") return <input {...common} type="datetime-local" step={60} />;
  return (
    <input
      {...common}
      type="text"
      autoComplete="off"
      {...(field.kind === "text" && field.pattern !== undefined && { pattern: field.pattern })}
    />
  );
}
