import type { CaseStatus } from "@crossline/contracts";
import { durationText } from "../time/format.ts";

const statuses: Readonly<Record<CaseStatus, string>> = {
  acknowledged: "acknowledged",
  inProgress: "in progress",
  pending: "pending",
  held: "held",
  resolved: "resolved",
  closed: "closed",
  rejected: "rejected",
  cancelled: "cancelled",
  reopened: "reopened",
  assessingCancellation: "assessing the cancellation",
};

/** Returns a status in words. */
export function statusText(status: string): string {
  return statuses[status as CaseStatus] ?? status;
}

/** Returns a code in words: `still-broken` becomes `still broken`. */
export function codeText(code: string): string {
  return code.replaceAll("-", " ");
}

/** Returns a duration without units that are zero at its end: `20 min`, `1 h 30 min`. */
export function exactText(ms: number): string {
  return durationText(ms).replace(/(?<=\d (?:d|h|min)) 0+ (?:h|min|s)$/, "");
}

/** Returns the length of an idle stretch with one unit. A tilde marks a length that has a rest. */
export function idleText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes >= 2_880) return `${minutes % 1_440 === 0 ? "" : "~"}${Math.round(minutes / 1_440)} d`;
  return minutes >= 60 ? `${minutes % 60 === 0 ? "" : "~"}${Math.round(minutes / 60)} h` : `${minutes} min`;
}

/** Returns the lateness of a firing in words. */
export function latenessText(ms: number): string {
  if (ms < 1) return "at the deadline";
  return ms < 1000 ? `${Math.round(ms)} ms later` : `${Math.round(ms / 100) / 10} s later`;
}
