import type { Instant, PoolDocument } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

export type PoolRow = {
  readonly party: string;
  readonly name: string;
  readonly document: PoolDocument;
  readonly changedAt: Instant;
};

const columns = `party, name, document, changed_at as "changedAt"`;

/** Finds a pool of a party. */
export async function findPool(tx: Tx, party: string, name: string): Promise<PoolRow | undefined> {
  const [row] = await tx.query<PoolRow>({
    name: "routing.find-pool",
    text: `
      -- routing.find-pool
      select ${columns} from pool where party = $1 and name = $2`,
    values: [party, name],
  });
  return row;
}

/** Lists the pools of a party whose names follow `after`, ordered by name. */
export function listPools(tx: Tx, party: string, after: string, limit: number): Promise<PoolRow[]> {
  return tx.query({
    name: "routing.list-pools",
    text: `
      -- routing.list-pools
      select ${columns} from pool where party = $1 and name > $2 order by name limit $3`,
    values: [party, after, limit],
  });
}

/** Locks the pools of a party until the transaction ends, because the transaction counts the pools. */
export async function lockPools(tx: Tx, party: string): Promise<void> {
  await tx.query({
    text: `
      -- routing.lock-pools
      select pg_advisory_xact_lock(hashtextextended(current_schema() || '/pools/' || $1, 0))`,
    values: [party],
  });
}

/** Counts the pools of a party, without the pool `name`. */
export async function countOtherPools(tx: Tx, party: string, name: string): Promise<number> {
  const [row] = await tx.query<{ pools: number }>({
    text: `
      -- routing.count-other-pools
      select count(*) as pools from pool where party = $1 and name <> $2`,
    values: [party, name],
  });
  return row?.pools ?? 0;
}

/** Saves a new pool, or replaces the document of a pool. */
export async function savePool(tx: Tx, { party, name, document, changedAt }: PoolRow): Promise<void> {
  await tx.query({
    text: `
      -- routing.save-pool
      insert into pool (party, name, document, changed_at) values ($1, $2, $3, $4::timestamptz)
      on conflict (party, name) do update set document = excluded.document, changed_at = excluded.changed_at`,
    values: [party, name, JSON.stringify(document), toSql(changedAt)],
  });
}

/** Reads the rosters (`<party>.<name>`) of pools, with `<party>/<pool>` as keys. The result omits pools that do not exist. */
export async function rostersOfPools(
  tx: Tx,
  wanted: readonly { readonly party: string; readonly pool: string }[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await tx.query<Pick<PoolRow, "party" | "name" | "document">>({
    name: "routing.rosters-of-pools",
    text: `
      -- routing.rosters-of-pools
      select party, name, document from pool
      where (party, name) in (select party, name from unnest($1::text[], $2::text[]) as wanted (party, name))`,
    values: [wanted.map(({ party }) => party), wanted.map(({ pool }) => pool)],
  });
  return new Map(
    rows.map(({ party, name, document }) => [
      `${party}/${name}`,
      document.rosters.map((roster) => `${party}.${roster}`),
    ]),
  );
}
