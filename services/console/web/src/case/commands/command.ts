import type { CaseHandoffs, Me, PresentedCase } from "@crossline/contracts";
import type { FormValues } from "../../ui/form-dialog.tsx";
import type { FormField } from "../../ui/form-field.tsx";

/** A request that a command sends to the public API. */
export type CommandRequest = { readonly path: string; readonly body: Readonly<Record<string, unknown>> };

/** The things from which the offered commands follow. */
export type Situation = {
  readonly shown: PresentedCase;
  readonly handoffs: CaseHandoffs | undefined;
  readonly me: Pick<Me, "party" | "scopes">;
  /** The now of the case's timeline, in milliseconds since 1970. */
  readonly now: number;
  /** The zone in which a person enters local times. */
  readonly zone: string;
};

/** A command with its form. */
export type CaseCommand = {
  readonly name: string;
  /** The text of the button, and the title of the dialog. */
  readonly text: string;
  /** The key that opens the dialog. */
  readonly key?: string;
  readonly submitText: string;
  readonly intro?: string;
  readonly fields: (values: FormValues) => readonly FormField[];
  readonly requestOf: (values: FormValues) => CommandRequest;
};

/** Returns the path of a command on the case. */
export function casePath({ shown }: Pick<Situation, "shown">, rest: string): string {
  return `/v1/cases/${shown.id}/${rest}`;
}

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
