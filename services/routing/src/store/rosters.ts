import type { Instant, RosterDocument } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

export type RosterRow = {
  readonly party: string;
  readonly name: string;
  readonly version: number;
  readonly document: RosterDocument;
  readonly createdAt: Instant;
  /** False if the version was published under the old rule, which counted every day as a turn. */
  readonly counted: boolean;
};

const columns = `party, name, version, document, created_at as "createdAt", counted`;

/** Finds a version of a roster, or the newest version if `version` is missing. */
export async function findRoster(
  tx: Tx,
  party: string,
  name: string,
  version?: number,
): Promise<RosterRow | undefined> {
  const [row] = await tx.query<RosterRow>({
    name: "routing.find-roster",
    text: `
      -- routing.find-roster
      select ${columns} from roster
      where party = $1 and name = $2 and version = coalesce($3, version)
      order by version desc limit 1`,
    values: [party, name, version ?? null],
  });
  return row;
}

/** Lists a party's rosters whose names follow `after`, each in its newest version and ordered by name. */
export function listRosters(tx: Tx, party: string, after: string, limit: number): Promise<RosterRow[]> {
  return tx.query({
    text: `
      -- routing.list-rosters
      select distinct on (name) ${columns} from roster
      where party = $1 and name > $2
      order by name, version desc limit $3`,
    values: [party, after, limit],
  });
}

/**
 * Finds the numbers of the newest versions of these rosters (`<party>.<name>`). The result omits rosters that are not published.
 */
export function newestVersions(tx: Tx, rosters: readonly string[]): Promise<{ roster: string; version: number }[]> {
  return tx.query({
    name: "routing.newest-rosters",
    text: `
      -- routing.newest-rosters
      select asked.roster, newest.version
      from unnest($1::text[]) as asked (roster)
      cross join lateral (
        select version from roster
        where party = split_part(asked.roster, '.', 1) and name = split_part(asked.roster, '.', 2)
        order by version desc limit 1
      ) newest`,
    values: [rosters],
  });
}

/** Reads the given versions of rosters. The name of a roster is `<party>.<name>`. */
export function readRosters(
  tx: Tx,
  wanted: readonly { readonly roster: string; readonly version: number }[],
): Promise<RosterRow[]> {
  return tx.query({
    text: `
      -- routing.read-rosters
      select ${columns} from roster
      where (party, name, version) in (
        select split_part(wanted.roster, '.', 1), split_part(wanted.roster, '.', 2), wanted.version
        from unnest($1::text[], $2::integer[]) as wanted (roster, version))`,
    values: [wanted.map(({ roster }) => roster), wanted.map(({ version }) => version)],
  });
}

/** Locks the rosters of a party until the transaction ends, because the transaction numbers versions and counts rosters. */
export async function lockRosters(tx: Tx, party: string): Promise<void> {
  await tx.query({
    text: `
      -- routing.lock-rosters
      select pg_advisory_xact_lock(hashtextextended(current_schema() || '/rosters/' || $1, 0))`,
    values: [party],
  });
}

/** Counts the rosters of a party, and the versions of the roster `name`. */
export async function countRosters(
  tx: Tx,
  party: string,
  name: string,
): Promise<{ readonly rosters: number; readonly versions: number }> {
  const [row] = await tx.query<{ rosters: number; versions: number }>({
    text: `
      -- routing.count-rosters
      select count(distinct name) as rosters, count(*) filter (where name = $2) as versions
      from roster where party = $1`,
    values: [party, name],
  });
  return row ?? { rosters: 0, versions: 0 };
}

export async function insertRoster(tx: Tx, row: RosterRow): Promise<void> {
  const { party, name, version, document, createdAt, counted } = row;
  await tx.query({
    text: `
      -- routing.insert-roster
      insert into roster (party, name, version, document, created_at, counted)
      values ($1, $2, $3, $4, $5::timestamptz, $6)`,
    values: [party, name, version, JSON.stringify(document), toSql(createdAt), counted],
  });
}
