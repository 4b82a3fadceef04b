import { wall } from "@crossline/contracts";
import { type MailDomain, type ParsedMail, canAcknowledge, runOfSender } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { saveAcknowledgement } from "../commands/acknowledge-run.ts";
import type { OpenCommand } from "../commands/request.ts";
import { findCanaryOfRun, isCaseOfRun } from "../store/canary-mails.ts";
import type { Destination } from "./destination.ts";
import { findNamedCase } from "./named-case.ts";

/** The mark, the line and the carrier's case id of the inquiry that the mail of a run opens. */
export type ProbeMail = {
  readonly canary: NonNullable<OpenCommand["canary"]>;
  readonly line: string;
  readonly carrierCaseId: string;
};

type Deps = { readonly database: Database; readonly mailDomain: MailDomain };

/**
 * Returns the inquiry of the run that sent the mail. Returns undefined if no canary sent the mail, and `ended` if the run has ended or
 * sent the mail to another destination.
 */
export async function findProbe(
  { database, mailDomain }: Deps,
  mail: ParsedMail,
  { mailbox, carrier, timeline }: Destination,
): Promise<ProbeMail | "ended" | undefined> {
  const runId = runOfSender(mail, mailDomain);
  if (runId === undefined) return undefined;
  const canary = await findCanaryOfRun(database, runId);
  const isOwn = mailbox.kind === "intake" && canary?.carrier === carrier && timeline === wall;
  if (canary === undefined || !canary.isRunning || !isOwn) return "ended";
  return { canary: { canaryId: canary.id, door: "mail" }, line: canary.line, carrierCaseId: runId };
}

/** A destination that is the mailbox of a run. */
type RunDestination = Destination & { readonly mailbox: { readonly kind: "canary" } };

/** Returns true if the destination is the mailbox of a run. */
export function isOfCanary(destination: Destination): destination is RunDestination {
  return destination.mailbox.kind === "canary";
}

/**
 * Delivers a mail to the mailbox of a run. The mail is the acknowledgement if it is no report of a mail server and names the case that
 * the run opened. Any other mail has no effect.
 */
export async function deliverToRun(
  { database }: Deps,
  mail: ParsedMail,
  destination: RunDestination,
): Promise<"canary" | "dropped"> {
  const { runId } = destination.mailbox;
  if (!canAcknowledge(mail, runId)) return "dropped";
  const caseId = await findNamedCase(database, mail, destination);
  const canary = caseId === undefined ? undefined : await findCanaryOfRun(database, runId);
  if (caseId === undefined || canary === undefined || !(await isCaseOfRun(database, caseId, canary, runId)))
    return "dropped";
  return (await saveAcknowledgement(database, canary.id, { runId, caseId })) ? "canary" : "dropped";
}
