import type { Instant, PagedPerson, Severity } from "@crossline/contracts";
import type { Line } from "../line/line.ts";

/** A cure that worked before for the same vendor, symptom and model, and how often. */
export type KnownError = { readonly fixCode: string; readonly cures: number };

/**
 * Who is reached on a roster at an instant. `exists` is false where the roster was never published. Pages for cases of the
 * severities in `wakenBy` go through quiet hours.
 */
export type PeopleOnDuty = {
  readonly exists: boolean;
  readonly people: readonly PagedPerson[];
  readonly wakenBy?: readonly Severity[];
};

/** All that a decision about hand-offs needs besides the case. The caller reads it in the decision's own transaction. */
export type CrossingDeps = {
  readonly line: Line;
  /** The people on duty on `<party>.<name>`; with `throughQuietHours`, also those who are in their quiet hours. */
  readonly onDuty: (roster: string, at: Instant, throughQuietHours: boolean) => PeopleOnDuty;
  readonly knownErrors: (
    vendor: string,
    symptom: string | undefined,
    model: string | undefined,
  ) => readonly KnownError[];
};
