import type { Tx } from "@crossline/postgres";

/** An attached file of a mail. `entryNumber` is the number of its entry in the shared chain. */
export type MailAttachmentRow = {
  readonly caseId: string;
  readonly id: string;
  readonly entryNumber: number;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
};

export async function insertMailAttachments(tx: Tx, rows: readonly MailAttachmentRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    text: `
      -- mail-attachment.insert
      insert into mail_attachment (case_id, id, entry_number, name, media_type, bytes)
      select * from unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::bytea[])`,
    values: [
      rows.map(({ caseId }) => caseId),
      rows.map(({ id }) => id),
      rows.map(({ entryNumber }) => entryNumber),
      rows.map(({ name }) => name),
      rows.map(({ mediaType }) => mediaType),
      rows.map(({ bytes }) => bytes),
    ],
  });
}

/** Returns an attached file whose entry has at most the number `last`; undefined if the case has no such file. */
export async function findMailAttachment(
  tx: Tx,
  { caseId, id, last }: { readonly caseId: string; readonly id: string; readonly last: number },
): Promise<MailAttachmentRow | undefined> {
  const [row] = await tx.query<MailAttachmentRow>({
    text: `
      -- mail-attachment.find
      select case_id as "caseId", id, entry_number as "entryNumber", name, media_type as "mediaType", bytes
      from mail_attachment where case_id = $1 and id = $2 and entry_number <= $3`,
    values: [caseId, id, last],
  });
  return row;
}
