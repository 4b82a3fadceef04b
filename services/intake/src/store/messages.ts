import type { EventContent, Instant, messageEvents } from "@crossline/contracts";
import { type Database, type Tx, toSql } from "@crossline/postgres";

/** An event that changes an outbound message. */
type MessageChangeContent = EventContent<keyof typeof messageEvents | "case.contacted">;

/** A change of an outbound message. `place` is the sequence of the event on the case topic. */
export type MessageChangeRow = {
  readonly caseId: string;
  readonly place: number;
  readonly messageId: string;
  readonly at: Instant;
} & MessageChangeContent;

export async function insertMessageChanges(tx: Tx, rows: readonly MessageChangeRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    name: "message-change.insert",
    text: `
      -- message-change.insert
      insert into message_change (case_id, place, message_id, at, type, data)
      select * from unnest($1::text[], $2::integer[], $3::text[], $4::timestamptz[], $5::text[], $6::json[])`,
    values: [
      rows.map(({ caseId }) => caseId),
      rows.map(({ place }) => place),
      rows.map(({ messageId }) => messageId),
      rows.map(({ at }) => toSql(at)),
      rows.map(({ type }) => type),
      rows.map(({ data }) => JSON.stringify(data)),
    ],
  });
}

/**
 * Returns the changes of the next messages of a case, in order. `after` is the place at which the previous message was written, and
 * `last` is the last place that the caller may read.
 */
export async function listMessageChanges(
  database: Database,
  { caseId, after, last, limit }: { caseId: string; after: number; last: number; limit: number },
): Promise<MessageChangeRow[]> {
  return database.query<MessageChangeRow>({
    name: "message-change.list",
    text: `
      -- message-change.list
      select case_id as "caseId", place, message_id as "messageId", at, type, data
      from message_change
      where case_id = $1 and place <= $3 and message_id in (
        select message_id from message_change
        where case_id = $1 and type = 'message.written' and place > $2 and place <= $3
        order by place limit $4)
      order by place`,
    values: [caseId, after, last, limit],
  });
}

/** Returns the case of an outbound message; undefined if no such message exists. */
export async function findCaseOfMessage(database: Database | Tx, messageId: string): Promise<string | undefined> {
  const [row] = await database.query<{ caseId: string }>({
    name: "message-change.find-case",
    text: `
      -- message-change.find-case
      select case_id as "caseId" from message_change where message_id = $1 limit 1`,
    values: [messageId],
  });
  return row?.caseId;
}
