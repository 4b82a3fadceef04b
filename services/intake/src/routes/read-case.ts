import type { Instant } from "@crossline/contracts";
import { type CaseState, readingOf, accessOf, withOwnPromises } from "@crossline/domain";
import type { ReadCase } from "../store/cases.ts";
import { readingInstant } from "../responses/present-case.ts";

/** A case as one company reads it, and the instant as of which. `isOver`: the company's last part has ended, and the state is of then. */
export type VisibleCase = {
  readonly state: CaseState;
  readonly at: Instant;
  readonly isOver: boolean;
  /** See `ReadCase`. */
  readonly gap: boolean;
};

/** A case as a company reads it; undefined where the company has no part in it and never had one. */
export function visibleCaseOf(found: ReadCase, party: string): VisibleCase | undefined {
  const { state, asOf, gap } = found;
  switch (accessOf(readingOf(state), party)) {
    case "nothing":
      return undefined;
    case "whole":
      return { state, at: readingInstant(state, found, party), isOver: false, gap };
    case "as-of-its-end":
      return asOf === null ? undefined : { state: withOwnPromises(asOf, state, party), at: asOf.at, isOver: true, gap };
  }
}
