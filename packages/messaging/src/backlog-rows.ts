import type { Tx } from "@crossline/postgres";

/** How it stands in the tables of a service: what waits, for whom, and what holds Postgres back from tidying up. */
export type Backlog = {
  /** The id of the oldest record that was not sent. */
  readonly oldestUnsent: number | null;
  /** See `outboxDepth`. */
  readonly unsent: number;
  /** Cases that wait for a replay. */
  readonly parked: number;
  readonly dead: number;
  /** Keys of which records may be missing, are missing, or the first one is. */
  readonly unknownMarks: number;
  readonly lostMarks: number;
  readonly headlessMarks: number;
  /** How long the oldest held record has waited for its cause, in seconds. */
  readonly heldSeconds: number;
  /** How many transactions have begun since the oldest snapshot that somebody still holds: nothing deleted since is tidied up. */
  readonly snapshotAge: number;
};

/**
 * One look, for a figure that is read every few seconds: all of it lies in indexes of small sets. Snapshots of other roles
 * are seen too (only their statements are hidden).
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
