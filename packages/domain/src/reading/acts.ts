import type { CaseStatus, Severity } from "@crossline/contracts";
import { isEnded } from "../case/status.ts";
import { severityRank } from "../case/severity.ts";
import type { CaseState } from "../case/case.ts";
import type { CaseCommand } from "../case/command.ts";
import type { HandoffCommand } from "../handoff/desk-command.ts";

/** What can be read of a case. */
export type ReadingAct =
  | "list-cases"
  | "read-case"
  | "read-contacts"
  | "read-entries"
  | "read-handlings"
  | "export-dossier"
  | "read-clocks"
  | "preview-own-line"
  | "preview-other-line"
  | "read-handoffs"
  | "read-queue"
  | "read-queued-handoff"
  | "hear-by-webhook";

/** What can be done with a case. */
export type CommandAct =
  | Exclude<CaseCommand["type"], "change-severity">
  | "open"
  | "contact-by-device"
  | "end-by-status"
  | "raise-severity"
  | "lower-severity"
  | "promise-for-another"
  | "merge";

/** What can be done with a hand-off, by the vendor's desk or by the other companies of the case. */
export type HandoffAct =
  | HandoffCommand["type"]
  | "provide-information"
  | "name-joint-person"
  | "hold-joint-session"
  | "take";

/** Everything that a caller can do with a case, its hand-offs, handlings and promises. */
export type Act = ReadingAct | CommandAct | HandoffAct;

/** A command on a case, as far as it decides which act it is. */
export type GivenCommand =
  | { readonly type: "change-status"; readonly to: CaseStatus }
  | { readonly type: "change-severity"; readonly to: Severity }
  | { readonly type: "promise"; readonly promisor?: string | undefined }
  | { readonly type: "deliver-promise" | "withdraw-promise"; readonly promiseId: string }
  | { readonly type: Exclude<CaseCommand["type"], WithDetail> };

type WithDetail = "change-status" | "change-severity" | "promise" | "deliver-promise" | "withdraw-promise";

/** The act that a company's command on a case is. */
export function actOf(command: GivenCommand, party: string, { severity }: Pick<CaseState, "severity">): CommandAct {
  switch (command.type) {
    case "change-status":
      return isEnded(command.to) ? "end-by-status" : "change-status";
    case "change-severity":
      return severityRank[command.to] < severityRank[severity] ? "lower-severity" : "raise-severity";
    case "promise":
      return (command.promisor ?? party) === party ? "promise" : "promise-for-another";
    default:
      return command.type;
  }
}
