import type { CaseStatus } from "@crossline/contracts";

const ended: ReadonlySet<CaseStatus> = new Set(["closed", "rejected", "cancelled"]);

/** The case is over: every clock is frozen. */
export function isEnded(status: CaseStatus): boolean {
  return ended.has(status);
}

/** Somebody still has to find the cure: neither over nor waiting for the customer's confirmation. */
export function isUnsolved(status: CaseStatus): boolean {
  return status !== "resolved" && !isEnded(status);
}
