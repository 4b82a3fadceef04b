import type { Instant } from "@crossline/contracts";
import type { CaseCrossing } from "../handoff/case-crossing.ts";
import { readingOf, accessChanges } from "./case-reading.ts";

/** A case in routing as of `at`, the instant at which a vendor's last role ended. */
export type CrossingView = { readonly at: Instant; readonly state: CaseCrossing };

/** A change of a vendor's case access at routing. Without `view`, the vendor reads the whole case. */
export type CrossingAccessChange = { readonly caseId: string; readonly vendor: string; readonly view?: CrossingView };

/**
 * Returns the changes of case access that a decision of routing causes. Decisions of routing itself end most roles. Routing has
 * then read no record that is later than the end of the role.
 */
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
