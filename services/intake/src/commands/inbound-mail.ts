import { type Message, newId } from "@crossline/contracts";
import { type CaseCommand, type CaseState, type MailThread, acknowledgementText } from "@crossline/domain";
import type { InboundMailRow } from "../store/mails.ts";
import type { MailAttachmentRow } from "../store/mail-attachments.ts";

/** A file of a mail with its bytes. `entryId` is the id of the entry that names the file. */
export type InboundFile = {
  readonly id: string;
  readonly entryId: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sha256: string;
  readonly bytes: Buffer;
};

/** A mail that a request adds to a case. `thread` is null for an automatic mail, which adds only its contact. */
export type InboundMail = Pick<InboundMailRow, "carrier" | "timeline" | "hash" | "mailbox" | "thread"> & {
  readonly text?: string | undefined;
  readonly files: readonly InboundFile[];
  /** The base address of the API, without a slash at the end. Files have an address only if this base is known. */
  readonly publicUrl?: string | undefined;
  /** Sentences about the parts of the mail that intake has left out. */
  readonly omissions: readonly string[];
};

/**
 * Returns the commands that add the content of a mail to its case: the text, the files, and a note about omitted parts. If the mail
 * opened the case, the last command acknowledges it.
 */
export function commandsOfMail(
  { text, files, publicUrl, omissions }: InboundMail,
  { id: caseId }: CaseState,
  isOpening: boolean,
): readonly CaseCommand[] {
  const entry = { type: "add-entry", audience: "partners", news: true } as const;
  const commands: CaseCommand[] = [];
  if (text !== undefined) commands.push({ ...entry, entryId: newId("en"), kind: "message", by: "customer", text });
  for (const { id, entryId, name, mediaType, sha256, bytes } of files) {
    const url = `${publicUrl ?? ""}/v1/cases/${caseId}/attachments/${id}`;
    const attachment = { name, mediaType, bytes: bytes.length, sha256, url };
    commands.push({ ...entry, entryId, kind: "attachment", by: "customer", attachment });
  }
  if (omissions.length > 0)
    commands.push({ ...entry, entryId: newId("en"), kind: "note", by: "party", text: omissions.join("\n") });
  if (isOpening)
    commands.push({
      type: "write-message",
      messageId: newId("ms"),
      channel: "mail",
      via: "mail",
      text: acknowledgementText,
      acknowledges: true,
    });
  return commands;
}

/** The rows of one mail, after its commands were decided. A file whose entry was refused has no row. */
export type InboundMailRows = { readonly mail: InboundMailRow; readonly attachments: readonly MailAttachmentRow[] };

/** Returns the rows that store a mail. `messages` are the events of all commands of the request. */
export function rowsOfMail(
  { carrier, timeline, hash, mailbox, thread, files }: InboundMail,
  { state, messages, at }: { readonly state: CaseState; readonly messages: readonly Message[]; readonly at: number },
): InboundMailRows {
  const { id: caseId, contacts: contact } = state;
  const numbers = new Map(
    messages.flatMap(({ type, data }) => {
      if (type !== "entry.added") return [];
      const { entryId, number = 0 } = data as { entryId: string; number?: number };
      return [[entryId, number] as const];
    }),
  );
  const attachments = files.flatMap(({ id, entryId, name, mediaType, bytes }) => {
    const entryNumber = numbers.get(entryId);
    return entryNumber === undefined ? [] : [{ caseId, id, entryNumber, name, mediaType, bytes }];
  });
  return { mail: { carrier, timeline, hash, mailbox, caseId, contact, at, thread }, attachments };
}

/** Returns the thread that an outbound message of the case continues: that of this request's own mail, or the stored thread. */
export function threadFor(
  mail: InboundMail | undefined,
  stored: ReadonlyMap<string, MailThread>,
  caseId: string,
): MailThread | undefined {
  return mail?.thread ?? stored.get(caseId);
}
