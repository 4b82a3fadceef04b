import type { PresentedProblem, ProblemDetail } from "@crossline/contracts";

type Status = PresentedProblem["status"];

/** The statuses of an open problem, in the order of the screen. */
export const openStatuses = ["new", "investigating", "known-error", "resolved"] as const;

/** The statuses in which a problem has ended. */
export const endedStatuses = ["closed", "cancelled"] as const;

const statuses: Readonly<Record<Status, string>> = {
  new: "new",
  investigating: "under investigation",
  "known-error": "known error",
  resolved: "resolved",
  closed: "closed",
  cancelled: "cancelled",
};

/** Returns a status of a problem in words. */
export function statusWords(status: Status): string {
  return statuses[status];
}

const sources: Readonly<Record<PresentedProblem["source"], string>> = {
  "missing-item": "a required item was often missing",
  returned: "the symptom returned after a fix",
  "joint-case": "a joint case has a root cause",
  "by-hand": "opened by a person",
};

/** Says why a problem was opened. */
export function sourceWords(source: PresentedProblem["source"]): string {
  return sources[source];
}

type Scope = Pick<PresentedProblem, "kind" | "channel" | "item" | "symptom" | "vendor" | "model">;

/** Says which cases belong to a problem. */
export function scopeWords({ kind, channel, item, symptom, vendor, model }: Scope): string {
  if (item !== undefined) return `${item} missing, ${kind ?? "any kind"} by ${channel ?? "any channel"}`;
  if (symptom === undefined) return "only linked cases";
  const device = [model, vendor].filter((part) => part !== undefined).join(" of ");
  return device === "" ? symptom : `${symptom} on ${device}`;
}

/** Says in words which change of a problem a row of its history is. */
export function changeWords(row: ProblemDetail["history"][number]): string {
  switch (row.change) {
    case "opened":
      return "opened";
    case "owner":
      return `given to ${row.owner ?? "another person"}`;
    case "status":
      return row.from === undefined ? statusWords(row.to) : `${statusWords(row.from)} → ${statusWords(row.to)}`;
    case "known-error":
      return "known error recorded";
    case "root-cause":
      return "root cause set";
    case "case-linked":
      return "case linked";
    case "case-unlinked":
      return "case unlinked";
    case "overdue":
      return "the investigation was late";
  }
}
