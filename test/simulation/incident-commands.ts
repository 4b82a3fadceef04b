import type { CaseCommand } from "@crossline/domain";
import type { Command } from "./kinds.ts";

const [led, joined] = ["ic_led", "ic_joined"] as const;
/** The companies that hold the lead case in turn. */
const holders = ["northtel", "orchard", "quill"] as const;

/**
 * Returns the command of an incident on one of its cases. Intake's tasks execute such commands, each in the transaction that deletes the
 * task, so a story repeats them with an idempotency key.
 */
export function incidentCommand({ kind, choice }: Command): CaseCommand | undefined {
  const holder = holders[choice % 3]!;
  switch (kind) {
    case "lead-incident": {
      const size = { cases: 12, size: { cases: 12 } };
      return { type: "lead-incident", incidentId: led, ...size, reason: "alike", observing: false };
    }
    case "end-incident":
      return { type: "end-incident", incidentId: led, cause: "by-carrier", reason: "other causes" };
    case "join-incident":
      return { type: "join-incident", incidentId: joined, leadCaseId: "cs_lead", holder, reason: "alike" };
    case "hold-incident":
      return { type: "hold-incident", incidentId: joined, holder };
    case "leave-incident":
      return { type: "leave-incident", incidentId: joined, cause: choice % 2 === 0 ? "removed" : "lead-ended" };
    case "cure-incident":
      return { type: "resolve-by-incident", incidentId: joined, leadCaseId: "cs_lead", fixCode: "reset" };
    default:
      return undefined;
  }
}
