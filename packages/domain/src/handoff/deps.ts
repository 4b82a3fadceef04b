import type { Instant, PagedPerson, Severity } from "@crossline/contracts";
import type { Line } from "../line/line.ts";

/** A fix that worked before for the same vendor, symptom and model, and its number of uses. */
export type KnownError = { readonly fixCode: string; readonly cures: number };

/**
 * The people on a roster at an instant. `exists` is false if the roster was never published. Pages for cases of the severities
 * in `wakenBy` are sent in quiet hours too.
 */
export type PeopleOnDuty = {
  readonly exists: boolean;
  readonly people: readonly PagedPerson[];
  readonly wakenBy?: readonly Severity[];
};

/** The input of a decision about hand-offs besides the case. The caller reads it in the transaction of the decision. */
export type CrossingDeps = {
  readonly line: Line;
  /** Returns the people on duty on `<party>.<name>`. With `throughQuietHours`, it includes the people in their quiet hours. */
  readonly onDuty: (roster: string, at: Instant, throughQuietHours: boolean) => PeopleOnDuty;
  readonly knownErrors: (
    vendor: string,
    symptom: string | undefined,
    model: string | undefined,
  ) => readonly KnownError[];
};
