import type { Instant } from "@crossline/contracts";
import type { CaseCrossing } from "../handoff/case-crossing.ts";
import { readingOf, accessChanges } from "./case-reading.ts";

/** A case of routing as a vendor reads it whose last part ended at `at`. */
export type CrossingView = { readonly at: Instant; readonly state: CaseCrossing };

/** A vendor reads the case as of a decision from there on; without a view it reads the whole case. */
export type CrossingAccessChange = { readonly caseId: string; readonly vendor: string; readonly view?: CrossingView };

/** The sights that a decision of routing changed. Routing ends most parts by itself: it has read no later record. */
export function accessAfterDecision(
  before: CaseCrossing | undefined,
  after: CaseCrossing,
): readonly CrossingAccessChange[] {
  if (before === undefined || before.reading === after.reading) return [];
  const { caseId, lastEventAt: at } = after;
  return accessChanges(readingOf(before), readingOf(after)).map(({ vendor, is }) =>
    is === "whole" ? { caseId, vendor } : { caseId, vendor, view: { at, state: after } },
  );
}
