import { createHash } from "node:crypto";
import { type Refusal, inquiryKind, newId } from "@crossline/contracts";
import {
  type CaseCommand,
  type MailContent,
  type MailDomain,
  contentOf,
  hashIdentity,
  inquiryIdentities,
  interpretMail,
} from "@crossline/domain";
import { isRefusal } from "@crossline/service";
import type { CaseResult } from "../commands/case-response.ts";
import type { InboundFile, InboundMail } from "../commands/inbound-mail.ts";
import { type ContactDeps, joinContact } from "../commands/join-contact.ts";
import { findMailCase } from "../store/cases.ts";
import { isStoredMail } from "../store/mails.ts";
import { findCaseOfMessage } from "../store/messages.ts";
import type { Destination } from "./destination.ts";
import { deliverToRun, findProbe, isOfCanary } from "./canary-mail.ts";
import { findNamedCase } from "./named-case.ts";
import type { ReadMail } from "./parse.ts";

export type DeliverDeps = ContactDeps & { readonly publicUrl: string | undefined; readonly mailDomain: MailDomain };

/** The effect of a mail, as the metric `crossline_intake_mails_total` names it. */
export type MailEffect = "joined" | "opened" | "bounced" | "automatic" | "dropped" | "repeated" | "canary";

type Delivery = { readonly read: ReadMail; readonly destination: Destination };

/**
 * Delivers a mail to one destination and resolves after the commit. The same mail to the same mailbox has an effect only once, so that
 * an SMTP client can retry. Returns a refusal if the case or the installation does not accept the mail.
 */
export async function deliverMail(deps: DeliverDeps, delivery: Delivery): Promise<MailEffect | Refusal> {
  const { read, destination } = delivery;
  const { carrier, timeline, key: mailbox } = destination;
  if (isOfCanary(destination)) return deliverToRun(deps, read.mail, destination);
  if (await isStoredMail(deps.database, { carrier, timeline, hash: read.hash, mailbox })) return "repeated";
  const meaning = interpretMail(read.mail, destination.mailbox);
  if (meaning.is === "bounce") return reportBounce(deps, delivery, meaning);
  if (meaning.is === "delay") return "dropped";
  const caseId = destination.caseId ?? (await findNamedCase(deps.database, read.mail, destination));
  if (meaning.is === "automatic")
    return caseId === undefined ? "dropped" : addAutomatic(deps, delivery, await openEndOf(deps, caseId));
  return addPersonal(deps, delivery, caseId === undefined ? undefined : await openEndOf(deps, caseId));
}

/** Returns the case to which a case was merged, or the case itself. A target case can have been merged too. */
async function openEndOf({ database }: DeliverDeps, caseId: string): Promise<string> {
  let id = caseId;
  for (let merges = 0; merges < mergesMax; merges++) {
    const { mergedInto = null } = (await findMailCase(database, id)) ?? {};
    if (mergedInto === null) return id;
    id = mergedInto;
  }
  return id;
}

const mergesMax = 10;

async function reportBounce(
  deps: DeliverDeps,
  delivery: Delivery,
  { messageIds, reason }: { readonly messageIds: readonly string[]; readonly reason: string },
): Promise<MailEffect | Refusal> {
  const { carrier, timeline } = delivery.destination;
  for (const messageId of messageIds) {
    const caseId = await findCaseOfMessage(deps.database, messageId);
    const found = caseId === undefined ? undefined : await findMailCase(deps.database, caseId);
    if (caseId === undefined || found?.carrier !== carrier || found.timeline !== timeline) continue;
    const result = await changeCase(deps, delivery, { caseId, change: { type: "report-failed", messageId, reason } });
    // The message has failed before, or was never released, so the bounce has no further effect.
    return isRefusal(result) && !isFinal(result) ? result : "bounced";
  }
  return "dropped";
}

async function addAutomatic(deps: DeliverDeps, delivery: Delivery, caseId: string): Promise<MailEffect | Refusal> {
  const { subject } = contentOf(delivery.read.mail, false);
  const change = { ...contactOf(subject), content: "auto-reply" } as const;
  const result = await changeCase(deps, delivery, {
    caseId,
    change,
    mail: inboundMail(delivery, null, undefined, deps),
  });
  return isRefusal(result) && !isFinal(result) ? result : isRefusal(result) ? "dropped" : "automatic";
}

async function addPersonal(
  deps: DeliverDeps,
  delivery: Delivery,
  caseId: string | undefined,
): Promise<MailEffect | Refusal> {
  const { read, destination } = delivery;
  const { mail: parsed } = read;
  const content = contentOf(parsed, deps.publicUrl !== undefined);
  const { messageId, references } = parsed;
  const thread = { subject: content.title, messageId, references: references.slice(-19) };
  const mail = inboundMail(delivery, thread, content, deps);
  if (caseId !== undefined) {
    const change = { ...contactOf(content.subject), content: "inquiry" } as const;
    const result = await changeCase(deps, delivery, { caseId, change, mail });
    // If the case ended too long ago, the mail opens an inquiry, as a contact without a case id does.
    if (!isRefusal(result)) return "joined";
    if (result.code !== "illegal_transition") return result;
  }
  const { carrier, timeline } = destination;
  const { subject, title } = content;
  const probe = await findProbe(deps, parsed, destination);
  if (probe === "ended") return "dropped";
  const { canary, ...named } = probe ?? {};
  const result = await joinContact(deps, {
    ...requestOf(delivery),
    isVendors: false,
    // The inquiry of a canary joins no case, because a case of a customer has no mark.
    identities: canary === undefined ? inquiryIdentities(subject ?? {}).map(hashIdentity) : [],
    mail,
    canary,
    body: {
      carrierCaseId: `mail-${createHash("sha256").update(`${read.hash} ${carrier} ${destination.key}`).digest("hex").slice(0, 32)}`,
      kind: inquiryKind,
      severity: "minor",
      title,
      channel: "mail",
      direction: "inbound",
      content: "inquiry",
      timeline,
      automated: true,
      subject,
      ...named,
    },
  });
  if (isRefusal(result)) return result;
  if (canary !== undefined) return "canary";
  return result.status === 201 ? "opened" : "joined";
}

/** Returns true if a repetition would be refused too, so that the sender need not retry. */
function isFinal({ code }: Refusal): boolean {
  return code === "illegal_transition" || code === "limit_reached" || code === "not_found";
}

function contactOf(subject: MailContent["subject"]) {
  return { type: "contact", contactId: newId("ct"), channel: "mail", direction: "inbound", subject } as const;
}

type MailChange = {
  readonly caseId: string;
  readonly change: Extract<CaseCommand, { type: "contact" | "report-failed" }>;
  readonly mail?: InboundMail;
};

function changeCase(
  { writeRequest }: DeliverDeps,
  delivery: Delivery,
  { mail, ...command }: MailChange,
): Promise<CaseResult> {
  return writeRequest({ ...requestOf(delivery), command: { type: "change", ...command }, mail });
}

/** Returns the fields that every request of a mail has. The idempotency key makes two concurrent deliveries of a mail one request. */
function requestOf({ read, destination }: Delivery) {
  const { carrier: party, timeline, key: mailbox } = destination;
  const key = `mail ${read.hash} ${mailbox}`;
  return {
    idempotency: { party, key, timeline, method: "SMTP", path: mailbox, body: read.hash },
    actor: { party, automated: true },
    origin: {},
  };
}

function inboundMail(
  { read, destination }: Delivery,
  thread: InboundMail["thread"],
  content: MailContent | undefined,
  { publicUrl }: DeliverDeps,
): InboundMail {
  const { carrier, timeline, key: mailbox } = destination;
  const files = (content?.files ?? []).map(({ place, name, mediaType }): InboundFile => {
    const bytes = read.contents[place] ?? Buffer.alloc(0);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    return { id: newId("at"), entryId: newId("en"), name, mediaType, sha256, bytes };
  });
  const { text, omissions = [] } = content ?? {};
  return { carrier, timeline, hash: read.hash, mailbox, thread, text, files, publicUrl, omissions };
}
