import type { Instant } from "@crossline/contracts";
import type { MailThread } from "@crossline/domain";
import { type Database, type Tx, toSql } from "@crossline/postgres";

/** A mail that intake has added to a case. `thread` is null for an automatic mail. */
export type InboundMailRow = {
  readonly carrier: string;
  readonly timeline: string;
  readonly hash: string;
  readonly mailbox: string;
  readonly caseId: string;
  readonly contact: number;
  readonly at: Instant;
  readonly thread: MailThread | null;
};

/** Inserts mails. Throws a unique violation if another transaction has added one of the mails. */
export async function insertMails(tx: Tx, rows: readonly InboundMailRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    text: `
      -- inbound-mail.insert
      insert into inbound_mail (carrier, timeline, hash, mailbox, case_id, contact, at, thread)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::timestamptz[],
        $8::json[])`,
    values: [
      rows.map(({ carrier }) => carrier),
      rows.map(({ timeline }) => timeline),
      rows.map(({ hash }) => hash),
      rows.map(({ mailbox }) => mailbox),
      rows.map(({ caseId }) => caseId),
      rows.map(({ contact }) => contact),
      rows.map(({ at }) => toSql(at)),
      rows.map(({ thread }) => (thread === null ? null : JSON.stringify(thread))),
    ],
  });
}

type MailKey = Pick<InboundMailRow, "carrier" | "timeline" | "hash" | "mailbox">;

/** Returns true if intake has already added this mail from this mailbox. */
export async function isStoredMail(database: Database, key: MailKey): Promise<boolean> {
  const rows = await database.query({
    text: `
      -- inbound-mail.find
      select 1 from inbound_mail where carrier = $1 and timeline = $2 and hash = $3 and mailbox = $4`,
    values: [key.carrier, key.timeline, key.hash, key.mailbox],
  });
  return rows.length > 0;
}

/** Returns the cases of mails with these hashes, as pairs of hash and case. */
export function findCasesOfMails(
  database: Database,
  { carrier, timeline, hashes }: { carrier: string; timeline: string; hashes: readonly string[] },
): Promise<{ hash: string; caseId: string }[]> {
  return database.query({
    text: `
      -- inbound-mail.find-cases
      select hash, case_id as "caseId" from inbound_mail
      where carrier = $1 and timeline = $2 and hash = any($3::text[]) order by contact`,
    values: [carrier, timeline, hashes],
  });
}

/** Returns the thread of the customer's last mail in each case. A case without a mail of a person is omitted. */
export async function findThreads(tx: Tx, caseIds: readonly string[]): Promise<ReadonlyMap<string, MailThread>> {
  if (caseIds.length === 0) return new Map();
  const rows = await tx.query<{ caseId: string; thread: MailThread }>({
    text: `
      -- inbound-mail.find-threads
      select distinct on (case_id) case_id as "caseId", thread from inbound_mail
      where case_id = any($1::text[]) and thread is not null order by case_id, contact desc`,
    values: [caseIds],
  });
  return new Map(rows.map(({ caseId, thread }) => [caseId, thread]));
}

/** Returns the secret of this installation's mail addresses. The first call stores `proposed`; later calls return the stored secret. */
export async function readMailSecret(database: Database, proposed: string): Promise<string> {
  const inserted = await database.query<{ secret: string }>({
    text: `
      -- mail-secret.insert
      insert into mail_secret (secret) values ($1) on conflict do nothing returning secret`,
    values: [proposed],
  });
  const [row] = inserted.length > 0 ? inserted : await findMailSecret(database);
  if (row === undefined) throw new Error("the mail secret is missing");
  return row.secret;
}

function findMailSecret(database: Database): Promise<{ secret: string }[]> {
  return database.query({
    text: `
      -- mail-secret.find
      select secret from mail_secret`,
  });
}
