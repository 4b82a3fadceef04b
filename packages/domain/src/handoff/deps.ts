import type { Instant, PagedPerson, Severity, Skill } from "@crossline/contracts";
import type { Line } from "../line/line.ts";

/** A fix that worked before for the same vendor, symptom and model, and the number of cases that the fix solved. */
export type KnownError = { readonly fixCode: string; readonly cures: number };

/**
 * The people on a roster at an instant. `exists` is false if the roster was never published. `wakenBy` has the severities of
 * the cases whose pages are also sent in quiet hours.
 */
export type PeopleOnDuty = {
  readonly exists: boolean;
  readonly people: readonly PagedPerson[];
  readonly wakenBy?: readonly Severity[];
};

/** A person on duty in a pool, with all skills of the person, valid or not. */
export type SkilledPerson = { readonly person: string; readonly skills: readonly Skill[] };

/**
 * The input of a decision about hand-offs, in addition to the case. The caller reads the input in the transaction of the
 * decision.
 */
export type CrossingDeps = {
  readonly line: Line;
  /**
   * Returns the people on duty on the roster `<party>.<name>`. If `throughQuietHours` is true, the result includes people in
   * their quiet hours.
   */
  readonly onDuty: (roster: string, at: Instant, throughQuietHours: boolean) => PeopleOnDuty;
  readonly knownErrors: (
    vendor: string,
    symptom: string | undefined,
    model: string | undefined,
  ) => readonly KnownError[];
  /** Returns all skills of a person of a party, valid or not; empty if the person has none. */
  readonly skillsOf: (party: string, person: string) => readonly Skill[];
  /**
   * Returns the people on duty on the rosters of a party's pool, without people in their quiet hours. The result is empty if the
   * party has no such pool.
   */
  readonly onPool: (party: string, pool: string, at: Instant) => readonly SkilledPerson[];
};
