import { type CaseStatus, inquiryKind } from "@crossline/contracts";
import { isUnsolved } from "../case/status.ts";

/** The part of a case and of its clocks that a canary reads back over REST. */
export type ReadBack = {
  readonly case: {
    readonly status: CaseStatus;
    readonly kind: string;
    readonly canary?: { readonly canaryId: string } | undefined;
  };
  readonly clocks: readonly { readonly kind: string; readonly state: string }[];
};

/** The reasons for which a case that a canary opened is not as it must be. */
export type ReadBackFault = "case-not-open" | "case-not-marked" | "clock-not-running";

/**
 * Returns the fault of a case that the canary with this id reads back; undefined if the case has no fault. Such a case
 * is an open inquiry with the canary's mark and a running first-response clock. Outside the open hours of its calendar, a clock waits, and counts as running.
 */
export function faultOfReadBack(canaryId: string, { case: found, clocks }: ReadBack): ReadBackFault | undefined {
  if (found.kind !== inquiryKind || found.canary?.canaryId !== canaryId) return "case-not-marked";
  if (!isUnsolved(found.status)) return "case-not-open";
  const runs = clocks.some(
    ({ kind, state }) => kind === "first-response" && (state === "running" || state === "waiting"),
  );
  return runs ? undefined : "clock-not-running";
}
