import type { CaseStatus, Severity } from "@crossline/contracts";
import { isEnded } from "../case/status.ts";
import { severityRank } from "../case/severity.ts";

/** Acts that read a case. */
export type ReadAction =
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

/** The command on a case whose type is the act's name. */
type PlainCommand =
  | "contact"
  | "start-handling"
  | "beat"
  | "end-handling"
  | "add-entry"
  | "correct"
  | "move"
  | "decline-severity"
  | "cross"
  | "confirm"
  | "reopen"
  | "close";

type PromiseEnd = "deliver-promise" | "withdraw-promise";

/** Acts on a case. */
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

/** Acts on a hand-off, by the vendor's desk or by the other companies of the case. */
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

/** Everything that a caller can do with a case, its hand-offs, handlings and promises. */
export type Action = ReadAction | CommandAction | HandoffAction;

/** A command on a case, as far as it decides which act it is. */
export type GivenCommand =
  | { readonly type: "change-status"; readonly to: CaseStatus }
  | { readonly type: "change-severity"; readonly to: Severity }
  | { readonly type: "promise"; readonly promisor?: string | undefined }
  | { readonly type: PromiseEnd; readonly promiseId: string }
  | { readonly type: PlainCommand };

/** The act that a company's command on a case is. */
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
