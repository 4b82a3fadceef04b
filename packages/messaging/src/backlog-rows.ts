import type { Tx } from "@crossline/postgres";

/**
 * The rows that wait in the tables of a service, and the age of the oldest snapshot that keeps Postgres from
 * vacuuming.
 */
export type Backlog = {
  /** The id of the oldest record that the relay has not sent. */
  readonly oldestUnsent: number | null;
  /** See `outboxDepth`. */
  readonly unsent: number;
  /** Parked cases. */
  readonly parked: number;
  readonly dead: number;
  /** The numbers of keys whose records may be missing, whose records are missing, and whose first record is missing. */
  readonly unknownMarks: number;
  readonly lostMarks: number;
  readonly headlessMarks: number;
  /** The time for which the oldest held record has waited for its cause, in seconds. */
  readonly heldSeconds: number;
  /**
   * The number of transactions that began after the oldest open snapshot. Vacuum cannot remove rows that were deleted
   * after that snapshot.
   */
  readonly snapshotAge: number;
};

/**
 * Reads the backlog in one statement. Metrics call this function every few seconds, so each count reads only a small
 * index. The query also sees the snapshots of other roles, because Postgres hides only the statements of those roles.
 */
export async function readBacklog(tx: Tx): Promise<Backlog> {
  const [row] = await tx.query<Backlog>({
    name: "metrics.read-backlog",
    text: `
      -- metrics.read-backlog
      select
        (select min(id) from outbox) as "oldestUnsent",
        (select coalesce(max(id) - min(id) + 1, 0) from outbox) as unsent,
        (select count(*) from inbox_waiting where reason is not null) as parked,
        (select count(*) from dead_letter) as dead,
        (select count(*) from inbox_gap_mark where not is_known) as "unknownMarks",
        (select count(*) from inbox_gap_mark where lost > 0) as "lostMarks",
        (select count(*) from inbox_gap_mark where is_headless) as "headlessMarks",
        coalesce((select extract(epoch from clock_timestamp() - held_at)::float8 from inbox_waiting
          where wait_topic is not null order by id limit 1), 0) as "heldSeconds",
        greatest(0,
          (select max(age(backend_xmin)) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()),
          (select max(age(transaction)) from pg_prepared_xacts where database = current_database()),
          (select max(age(xmin)) from pg_replication_slots)) as "snapshotAge"`,
  });
  if (row === undefined) throw new Error("Postgres returned no row for the backlog");
  return row;
}
