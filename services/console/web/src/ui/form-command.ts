import type { FormValues } from "./form-dialog.tsx";
import type { FormField } from "./form-field.tsx";

/** A request that a command sends to the public API. */
export type CommandRequest = { readonly path: string; readonly body: Readonly<Record<string, unknown>> };

/** A command with its form. */
export type FormCommand = {
  readonly name: string;
  /** The text of the button, and the title of the dialog. */
  readonly text: string;
  /** The key that opens the dialog. */
  readonly key?: string;
  readonly submitText: string;
  readonly intro?: string;
  readonly fields: (values: FormValues) => readonly FormField[];
  /** Returns the values with those that only the API knows, for example the id of a case instead of its number. */
  readonly complete?: (values: FormValues) => Promise<FormValues>;
  readonly requestOf: (values: FormValues) => CommandRequest;
};

/** Returns the values without the empty ones. */
export function given(values: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""),
  );
}

/** Converts a local time of a form into an instant. Undefined for an empty field. */
export function instantOf(local: string | undefined, zone: string): string | undefined {
  if (local === undefined || local === "") return undefined;
  return Temporal.PlainDateTime.from(local).toZonedDateTime(zone).toInstant().toString();
}

/** Converts an instant into the local time of a form. */
export function localTime(instant: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(instant)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: "minute" });
}

/** Returns options whose texts are the values in words. */
export function optionsOf(values: readonly string[]): readonly (readonly [string, string])[] {
  return values.map((value) => [value, value.replaceAll("-", " ")]);
}
