import type { CaseStatus } from "@crossline/contracts";

const ended: ReadonlySet<CaseStatus> = new Set(["closed", "rejected", "cancelled"]);

/** Returns true if a case with this status has ended. All clocks of an ended case except `reply` are paused or ended. */
export function isEnded(status: CaseStatus): boolean {
  return ended.has(status);
}

/** Returns true if the case still needs a fix, because it has not ended and is not resolved. */
export function isUnsolved(status: CaseStatus): boolean {
  return status !== "resolved" && !isEnded(status);
}
