import type { Instant } from "@crossline/contracts";
import { type CaseState, readingOf, accessOf, withOwnPromises } from "@crossline/domain";
import type { ReadCase } from "../store/cases.ts";
import { readingInstant } from "../responses/present-case.ts";

/**
 * A case as one company reads it, as of the instant `at`. `isEndedView` is true if the company is a former vendor, which reads its
 * ended view.
 */
export type VisibleCase = {
  readonly state: CaseState;
  readonly at: Instant;
  readonly isEndedView: boolean;
  /** True if records of other services about the case may be lost (see `ReadCase`). */
  readonly gap: boolean;
};

/** Returns a case as a company reads it, or undefined if the company has never been allowed to read it. */
export function visibleCaseOf(read: ReadCase, party: string): VisibleCase | undefined {
  const { state, asOf, gap } = read;
  switch (accessOf(readingOf(state), party)) {
    case "nothing":
      return undefined;
    case "whole":
      return { state, at: readingInstant(state, read, party), isEndedView: false, gap };
    case "as-of-its-end":
      return asOf === null
        ? undefined
        : { state: withOwnPromises(asOf, state, party), at: asOf.at, isEndedView: true, gap };
  }
}
