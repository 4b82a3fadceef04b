import type { CaseStatus, Severity } from "@crossline/contracts";
import { isEnded } from "../case/status.ts";
import { severityRank } from "../case/severity.ts";

/** The actions that read a case. */
export type ReadAction =
  | "list-cases"
  | "read-case"
  | "read-contacts"
  | "read-entries"
  | "read-handlings"
  | "read-messages"
  | "export-dossier"
  | "read-clocks"
  | "read-clock-history"
  | "read-journal"
  | "find-by-search"
  | "preview-own-line"
  | "preview-other-line"
  | "read-handoffs"
  | "read-queue"
  | "read-queued-handoff"
  | "hear-by-webhook";

/** The commands whose type is the name of the action. */
type PlainCommand =
  | "contact"
  | "start-handling"
  | "beat"
  | "end-handling"
  | "add-entry"
  | "correct"
  | "move"
  | "decline-severity"
  | "write-message"
  | "reword-message"
  | "release-message"
  | "withdraw-message"
  | "report-sent"
  | "report-failed"
  | "link-change"
  | "unlink-change"
  | "cross"
  | "confirm"
  | "reopen"
  | "close";

type PromiseEnd = "deliver-promise" | "withdraw-promise";

/** The actions on the customer's links of a case. They are no commands on the case, and leave no fact. */
export type LinkAction = "make-customer-link" | "end-customer-links";

/** The actions that change a case. */
export type CommandAction =
  | PlainCommand
  | PromiseEnd
  | "change-status"
  | "promise"
  | "open"
  | "contact-by-device"
  | "end-by-status"
  | "raise-severity"
  | "lower-severity"
  | "promise-for-another"
  | "merge";

/** The actions on a hand-off. A vendor's desk, or another company of the case, sends the action. */
type HandoffAction =
  | "claim"
  | "renew"
  | "release"
  | "accept"
  | "reject"
  | "request-info"
  | "return"
  | "transfer"
  | "resolve"
  | "provide-information"
  | "name-joint-person"
  | "hold-joint-session"
  | "take";

/** Every action of a caller on a case, its hand-offs, handlings and promises. */
export type Action = ReadAction | CommandAction | LinkAction | HandoffAction;

/** The part of a command from which the action of the command follows. */
export type GivenCommand =
  | { readonly type: "change-status"; readonly to: CaseStatus }
  | { readonly type: "change-severity"; readonly to: Severity }
  | { readonly type: "promise"; readonly promisor?: string | undefined }
  | { readonly type: PromiseEnd; readonly promiseId: string }
  | { readonly type: PlainCommand };

/** Returns the action of a company's command on a case. */
export function actionOf(
  command: GivenCommand,
  party: string,
  { severity }: { readonly severity: Severity },
): CommandAction {
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
