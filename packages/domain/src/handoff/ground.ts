import type { Instant, PagedPerson, Severity } from "@crossline/contracts";
import type { Line } from "../line/line.ts";

/** A cure that worked before for the same vendor, symptom and model, and how often. */
export type KnownError = { readonly fixCode: string; readonly cures: number };

/**
 * Who is reached on a roster at an instant. `exists` is false where nobody published it. Pages for cases of the severities in
 * `wakenBy` go through quiet hours.
 */
export type OnDuty = {
  readonly exists: boolean;
  readonly people: readonly PagedPerson[];
  readonly wakenBy?: readonly Severity[];
};

/** What a decision about one case knows of the world around it: read by the caller, in the decision's own transaction. */
export type Around = {
  /** The people on duty on `<party>.<name>`; where `throughQuietHours`, also those who are not to be woken otherwise. */
  readonly onDuty: (roster: string, at: Instant, throughQuietHours: boolean) => OnDuty;
  readonly knownErrors: (
    vendor: string,
    symptom: string | undefined,
    model: string | undefined,
  ) => readonly KnownError[];
};

/** Nobody is on duty and nothing is known: for lines without rosters, and tests. */
export const nothingAround: Around = { onDuty: () => ({ exists: false, people: [] }), knownErrors: () => [] };

/** What decisions about hand-offs stand on: the case's line, and the world around it. */
export type Ground = Around & { readonly line: Line };
