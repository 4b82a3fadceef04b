import { findParty } from "@crossline/access";
import { timelineKind, wall } from "@crossline/contracts";
import { type MailDomain, type Mailbox, isInDomain, readMailbox } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { mayUse } from "../routes/present-timeline.ts";
import { findCanaryOfRun } from "../store/canary-mails.ts";
import { findMailCase } from "../store/cases.ts";
import { findCaseOfMessage } from "../store/messages.ts";
import { findTimeline } from "../store/timelines.ts";
import { type SmtpRefusal, smtpRefusals } from "./responses.ts";

/**
 * The place to which a mail goes. `key` names the mailbox within the carrier and timeline. `caseId` is the case of a token; a mailbox
 * of a carrier or of a canary names no case.
 */
export type Destination = {
  readonly mailbox: Mailbox;
  readonly carrier: string;
  readonly timeline: string;
  readonly key: string;
  readonly caseId?: string;
};

/** Returns the destination of an address, or the refusal that the SMTP client gets. The function writes nothing. */
export async function findDestination(
  database: Database,
  address: string,
  mailDomain: MailDomain,
): Promise<Destination | SmtpRefusal> {
  if (!isInDomain(address, mailDomain)) return smtpRefusals.foreignDomain;
  const mailbox = readMailbox(address, mailDomain);
  if (mailbox === undefined) return smtpRefusals.unknownMailbox;
  if (mailbox.kind === "intake") return intakeDestination(database, mailbox);
  if (mailbox.kind === "canary") return canaryDestination(database, mailbox);
  const caseId = mailbox.kind === "reply" ? mailbox.caseId : await findCaseOfMessage(database, mailbox.messageId);
  const found = caseId === undefined ? undefined : await findMailCase(database, caseId);
  if (caseId === undefined || found === undefined) return smtpRefusals.unknownMailbox;
  const key = mailbox.kind === "reply" ? mailbox.caseId : mailbox.messageId;
  return { mailbox, carrier: found.carrier, timeline: found.timeline, key, caseId };
}

async function intakeDestination(
  database: Database,
  mailbox: Extract<Mailbox, { kind: "intake" }>,
): Promise<Destination | SmtpRefusal> {
  const { carrier, timeline } = mailbox;
  const party = await findParty(database, carrier);
  if (party?.kind !== "carrier") return smtpRefusals.unknownMailbox;
  if (timeline !== wall) {
    const row = timelineKind(timeline) === "stepped" ? await findTimeline(database, timeline) : undefined;
    if (row === undefined || !mayUse(row, carrier)) return smtpRefusals.unknownMailbox;
  }
  return { mailbox, carrier, timeline, key: "intake" };
}

/** A mail to the mailbox of a run that has ended is accepted too, so that a late acknowledgement is no bounce. */
async function canaryDestination(
  database: Database,
  mailbox: Extract<Mailbox, { kind: "canary" }>,
): Promise<Destination | SmtpRefusal> {
  const canary = await findCanaryOfRun(database, mailbox.runId);
  if (canary === undefined) return smtpRefusals.unknownMailbox;
  return { mailbox, carrier: canary.carrier, timeline: wall, key: mailbox.runId };
}

/**
 * Returns the destinations to which one mail is delivered. Each carrier and timeline gets the mail once, even if the mail names
 * several of its mailboxes. A token comes before the mailbox of the carrier, because it names a case.
 */
export function distinctDestinations(all: readonly Destination[]): readonly Destination[] {
  const places = Map.groupBy(all, ({ carrier, timeline }) => `${timeline}/${carrier}`);
  return [...places.values()].flatMap((ofPlace) => {
    const tokens = ofPlace.filter(({ mailbox }) => mailbox.kind !== "intake");
    return [...new Map((tokens.length > 0 ? tokens : ofPlace).map((one) => [one.key, one])).values()];
  });
}
