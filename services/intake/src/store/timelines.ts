import type { Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

/** A stepped timeline or an import. The wall timeline has no row. */
export type TimelineRow = {
  readonly id: string;
  readonly owner: string;
  readonly parties: readonly string[] | null;
  readonly mark: Instant | null;
  readonly marks: number;
  readonly importedRows: number;
  readonly latestAt: Instant | null;
  readonly endedAt: Instant | null;
};

const columns = `id, owner, parties, mark, marks, imported_rows as "importedRows", latest_at as "latestAt",
        ended_at as "endedAt"`;

/** Inserts a timeline. */
export async function insertTimeline(
  tx: Tx,
  { id, owner, parties, mark }: Pick<TimelineRow, "id" | "owner" | "parties" | "mark">,
): Promise<void> {
  await tx.query({
    text: `
      -- timeline.insert
      insert into timeline (id, owner, parties, mark) values ($1, $2, $3, $4)`,
    values: [id, owner, parties, mark === null ? null : toSql(mark)],
  });
}

/** Returns a timeline, or undefined if no timeline has this id. */
export async function findTimeline(tx: Tx, id: string): Promise<TimelineRow | undefined> {
  const [row] = await tx.query<TimelineRow>({
    name: "timeline.find",
    text: `
      -- timeline.find
      select ${columns} from timeline where id = $1`,
    values: [id],
  });
  return row;
}

/**
 * Returns the timelines after an id, in the order of their ids. If a party is given, returns only the timelines that the party may use.
 */
export async function listTimelines(
  tx: Tx,
  {
    after,
    limit,
    party,
    owner,
  }: { after: string; limit: number; party: string | undefined; owner: string | undefined },
): Promise<TimelineRow[]> {
  return tx.query<TimelineRow>({
    text: `
      -- timeline.list
      select ${columns} from timeline
      where id > $1 and owner = coalesce($4, owner)
        and ($3::text is null or owner = $3 or (owner = 'operator' and (parties is null or $3 = any(parties))))
      order by id limit $2`,
    values: [after, limit, party ?? null, owner ?? null],
  });
}

/** Deletes a timeline. Returns false if the timeline no longer exists. */
export async function deleteTimeline(tx: Tx, id: string): Promise<boolean> {
  const deleted = await tx.query({
    text: `
      -- timeline.delete
      delete from timeline where id = $1 returning id`,
    values: [id],
  });
  return deleted.length > 0;
}

/** Returns a timeline and locks its row until the transaction ends. */
export async function lockTimeline(tx: Tx, id: string): Promise<TimelineRow | undefined> {
  const [row] = await tx.query<TimelineRow>({
    name: "timeline.lock",
    text: `
      -- timeline.lock
      select ${columns} from timeline where id = $1 for no key update`,
    values: [id],
  });
  return row;
}

/** Saves the mark. The caller must publish the mark with the sequence `marks`. */
export async function saveMark(
  tx: Tx,
  id: string,
  { mark, marks, ended }: { readonly mark: Instant; readonly marks: number; readonly ended: boolean },
): Promise<void> {
  await tx.query({
    name: "timeline.save-mark",
    text: `
      -- timeline.save-mark
      update timeline set mark = $2, marks = $3, ended_at = case when $4::boolean then clock_timestamp() end
      where id = $1`,
    values: [id, toSql(mark), marks, ended],
  });
}

/** Saves how many rows of an import have been imported, and their latest time. */
export async function saveImported(
  tx: Tx,
  id: string,
  { importedRows, latestAt }: { readonly importedRows: number; readonly latestAt: Instant },
): Promise<void> {
  await tx.query({
    name: "timeline.save-imported",
    text: `
      -- timeline.save-imported
      update timeline set imported_rows = $2, latest_at = greatest(latest_at, $3) where id = $1`,
    values: [id, importedRows, toSql(latestAt)],
  });
}

/**
 * Takes the advisory lock of a stepped timeline until the transaction ends. Returns false if another transaction has the lock. Locks no
 * row.
 */
export async function tryLockTimeline(tx: Tx, id: string): Promise<boolean> {
  const [row] = await tx.query<{ locked: boolean }>({
    name: "timeline.try-drive",
    text: `
      -- timeline.try-drive
      select pg_try_advisory_xact_lock(hashtextextended(current_schema() || '/timeline/' || $1, 0)) as locked`,
    values: [id],
  });
  return row?.locked === true;
}

/** Takes the advisory lock of an import until the session or the transaction ends. Returns false if the lock is already taken. */
export async function tryLockImport(tx: Tx, id: string, until: "session" | "transaction"): Promise<boolean> {
  const lock = until === "session" ? "pg_try_advisory_lock" : "pg_try_advisory_xact_lock";
  const [row] = await tx.query<{ locked: boolean }>({
    text: `
      -- timeline.try-import
      select ${lock}(hashtextextended(current_schema() || '/import/' || $1, 0)) as locked`,
    values: [id],
  });
  return row?.locked === true;
}
